/** SCRAM-SHA-256: RFC 7677's example, and attacks. Python is in users_test. */
import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { encodeBase64 } from "@std/encoding/base64";
import { ProtocolError } from "../protocol/errors.ts";
import { FILE_LOGIN, loginMessage } from "../protocol/login_lines.ts";
import { ScramClient, ScramServer } from "../protocol/scram.ts";
import {
  newKeys,
  passwordProblem,
  preparePassword,
  type ScramKeys,
  standInKeys,
} from "../protocol/scram_keys.ts";
import {
  fromWord,
  parseClientFinal,
  parseClientFirst,
  parseServerFinal,
  parseServerFirst,
  toWord,
} from "../protocol/scram_messages.ts";
import { ROOT } from "./support/script.ts";

/** RFC 7677, section 3. */
const EXAMPLE = {
  user: "user",
  password: "pencil",
  clientNonce: "rOprNGfwEbeRWgbNEkqO",
  serverNonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
  salt: Uint8Array.from(
    atob("W22ZaJ0SNY7soEsUEjb6gQ=="),
    (byte) => byte.charCodeAt(0),
  ),
  iterations: 4096,
  messages: [
    "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0," +
    "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0," +
    "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
  ],
} as const;

/** Fast keys: the least rounds that a client takes. */
const ROUNDS = { iterations: 4096 };

/** A whole login between our two sides; the server's last word, or null. */
async function login(
  keys: ScramKeys,
  password: string,
): Promise<string | null> {
  const client = new ScramClient("ana", password);
  const server = await ScramServer.begin(
    client.first,
    () => Promise.resolve(keys),
  );
  const last = await server!.finish(await client.final(server!.challenge));
  if (last !== null) client.verify(last);
  return last;
}

Deno.test("both sides say what RFC 7677's example says", async () => {
  const { user, password, clientNonce, serverNonce, messages } = EXAMPLE;
  const client = new ScramClient(user, password, clientNonce);
  const names: string[] = [];
  const find = (name: string) => {
    names.push(name);
    return newKeys(password, EXAMPLE);
  };
  const server = await ScramServer.begin(client.first, find, serverNonce);
  assert(server);
  const final = await client.final(server.challenge);
  const last = await server.finish(final);
  assertEquals([client.first, server.challenge, final, last!], [...messages]);
  client.verify(last!);
  assertEquals([names, server.name], [["user"], "user"]);
});

Deno.test("the protocol page's transcript is that example", async () => {
  const page = await Deno.readTextFile(new URL("protocol/README.md", ROOT));
  const section = page.slice(page.indexOf("## Logging in"));
  const lines = [...section.matchAll(/^[CS]: (.+)$/gm)].slice(0, 4);
  const { first, challenge, final, done } = FILE_LOGIN;
  assertEquals(
    lines.map(([, line], i) =>
      loginMessage([first, challenge, final, done][i]!, line!)
    ),
    [...EXAMPLE.messages],
  );
});

Deno.test("the right password, and no other, is let in", async () => {
  const keys = await newKeys("contraseña ✓", ROUNDS);
  assert(await login(keys, "contraseña ✓"));
  for (const wrong of ["contrasena ✓", "", "contraseña ✓ "]) {
    assertEquals(await login(keys, wrong), null);
  }
});

Deno.test("a stolen key does not log in: only the password makes the proof", async () => {
  const keys = await newKeys("pencil", ROUNDS);
  assertEquals(await login(keys, encodeBase64(keys.storedKey)), null);
});

Deno.test("a recorded login is of no use in the next one, nor twice in its own", async () => {
  const keys = await newKeys("pencil", ROUNDS);
  const find = () => Promise.resolve(keys);
  const client = new ScramClient("ana", "pencil");
  const server = await ScramServer.begin(client.first, find);
  const final = await client.final(server!.challenge);
  assert(await server!.finish(final));
  assertEquals(await server!.finish(final), null);
  const again = await ScramServer.begin(client.first, find);
  assertNotEquals(again!.challenge, server!.challenge);
  assertEquals(await again!.finish(final), null);
});

Deno.test("a final message that was changed anywhere is refused", async () => {
  const { password, clientNonce, serverNonce, messages } = EXAMPLE;
  const keys = await newKeys(password, EXAMPLE);
  const find = () => Promise.resolve(keys);
  const finish = async (final: string) => {
    const first = messages[0].replace(/r=.*/, `r=${clientNonce}`);
    const server = await ScramServer.begin(first, find, serverNonce);
    return await server!.finish(final);
  };
  const final = messages[2];
  assert(await finish(final));
  for (let at = 0; at < final.length; at++) {
    const other = final[at] === "A" ? "B" : "A";
    const changed = final.slice(0, at) + other + final.slice(at + 1);
    assertEquals(await finish(changed), null, changed);
  }
  for (const part of ["", "e=other-error", final.slice(0, -1), `${final}=`]) {
    assertEquals(await finish(part), null, part);
  }
});

Deno.test("a client believes no server that cannot sign", async () => {
  const { user, password, clientNonce, messages } = EXAMPLE;
  const [, challenge, , last] = messages;
  for (
    const wrong of [
      last.replace("6", "7"),
      "v=6rriTRBi23WpRR/wtup+",
      "v=",
      "",
      "e=invalid-proof",
      `m=x,${last}`,
    ]
  ) {
    const client = new ScramClient(user, password, clientNonce);
    await client.final(challenge);
    assertThrows(() => client.verify(wrong), ProtocolError);
  }
  // It has proved nothing before it was asked to.
  const hasty = new ScramClient(user, password, clientNonce);
  assertThrows(() => hasty.verify(last), ProtocolError, "is not the server");
});

Deno.test("a client gives no proof to a challenge that would weaken it", async () => {
  const { user, password, clientNonce: nonce } = EXAMPLE;
  const salt = "s=W22ZaJ0SNY7soEsUEjb6gQ==";
  for (
    const [challenge, why] of [
      [`r=${nonce}xyz,${salt},i=4095`, "4095 rounds"],
      [`r=${nonce}xyz,${salt},i=1`, "1 rounds"],
      [`r=${nonce}xyz,${salt},i=10000001`, "10000001 rounds"],
      [`r=${nonce},${salt},i=4096`, "none of SCRAM"],
      [`r=other,${salt},i=4096`, "none of SCRAM"],
      [`r=${nonce}xyz,s=,i=4096`, "none of SCRAM"],
      [`r=${nonce}xyz,s=a,i=4096`, "none of SCRAM"],
      [`r=${nonce}xyz,${salt},i=04096`, "none of SCRAM"],
      [`m=ext,r=${nonce}xyz,${salt},i=4096`, "none of SCRAM"],
      ["", "none of SCRAM"],
    ] as const
  ) {
    const client = new ScramClient(user, password, nonce);
    await assertRejects(() => client.final(challenge), ProtocolError, why);
  }
});

Deno.test("a first message: what is one, and what is none", () => {
  const name = (message: string) => parseClientFirst(message)?.name ?? null;
  for (
    const [message, expected] of [
      ["n,,n=user,r=abc", "user"],
      ["y,,n=user,r=abc,x=more", "user"],
      ["n,,n=a=2Cb=3Dc,r=abc", "a,b=c"],
      ["n,,n==3D2C,r=abc", "=2C"],
      ["n,,n=ñandú,r=abc", "ñandú"],
      ["n,,n=a=2cb,r=abc", null],
      ["n,,n=,r=abc", null],
      ["n,,n=user,r=", null],
      ["n,,n=user,r=a b", null],
      ["n,,n=user,r=ñ", null],
      ["n,a=other,n=user,r=abc", null],
      ["p=tls-unique,,n=user,r=abc", null],
      ["n,,m=ext,n=user,r=abc", null],
      ["n,,r=abc,n=user", null],
      ["", null],
    ] as const
  ) assertEquals(name(message), expected, message);
});

Deno.test("parsers take any text and never throw", () => {
  const parsers = [
    parseClientFirst,
    parseServerFirst,
    parseClientFinal,
    parseServerFinal,
    fromWord,
  ];
  for (const message of EXAMPLE.messages) {
    for (let at = 0; at <= message.length; at++) {
      for (const parse of parsers) {
        parse(message.slice(0, at));
        parse(`${message.slice(0, at)}\0${message.slice(at)}`);
      }
    }
  }
  assertEquals(fromWord(toWord("ñ,=\u{1f600}")), "ñ,=\u{1f600}");
  for (const none of ["a", "a===", "*", "YQ", "YQ== ", "/w==", "YQ==\n"]) {
    assertEquals(fromWord(none), null, none);
  }
});

Deno.test("an unknown name has keys that look like a user's, the same each time", async () => {
  const secret = new Uint8Array(32).fill(7);
  const users = [await newKeys("pencil", { ...ROUNDS, iterations: 5000 })];
  const once = await standInKeys(secret, "nobody", users);
  assertEquals(once, await standInKeys(secret, "nobody", users));
  assertEquals([once.salt.length, once.iterations], [16, 5000]);
  const other = await standInKeys(secret, "somebody", users);
  assertNotEquals(other.salt, once.salt);
  const restarted = await standInKeys(new Uint8Array(32), "nobody", users);
  assertNotEquals(restarted.salt, once.salt);
  const none = await standInKeys(secret, "nobody", []);
  const fresh = await newKeys("pencil");
  assertEquals(none.iterations, fresh.iterations);
  assertEquals(none.salt.length, fresh.salt.length);
});

Deno.test("a password is prepared as SASLprep says, as far as it is stated", () => {
  // RFC 4013, section 3; and the two ways of an ñ.
  for (
    const [password, prepared] of [
      ["I\u00adX", "IX"],
      ["user", "user"],
      ["USER", "USER"],
      ["\u00aa", "a"],
      ["\u2168", "IX"],
      ["n\u0303", "\u00f1"],
      ["a\u00a0b\u3000c", "a b c"],
    ] as const
  ) {
    assertEquals(preparePassword(password), prepared);
    assertEquals(passwordProblem(password), null);
  }
  assertEquals(passwordProblem(""), "is empty");
  assertEquals(passwordProblem("\u00ad"), "is empty");
  for (const bad of ["a\x07", "\0", "\x7f", "\ufffd", "\ue000", "\u202e"]) {
    assertEquals(passwordProblem(bad), "has a control character");
  }
});
