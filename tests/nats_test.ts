/** A room over several real servers and a real NATS server, where there is one. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { delay } from "@std/async/delay";
import { Chatter } from "./support/chatter.ts";
import { HAS_NATS, NatsBroker } from "./support/nats_broker.ts";
import { closedPort, QUIET_HOST } from "./support/network.ts";
import { runScript, ServerScript } from "./support/script.ts";

const MAIN = "exercises/07_message_server.ts";

function startServer(broker: NatsBroker, ...more: string[]) {
  // No more than it says that it needs.
  const net = `--allow-net=${QUIET_HOST}:0,${broker.address}`;
  return ServerScript.start([
    ...["run", "--no-prompt", net, MAIN, "0", "--host", QUIET_HOST],
    ...["--nats", broker.address, ...more],
  ]);
}

/** What comes, up to a line that matches. */
async function until(chatter: Chatter, pattern: RegExp): Promise<string[]> {
  const lines: string[] = [];
  for (;;) {
    const line = await chatter.next();
    if (line === null) throw new Error(`${pattern} did not come: ${lines}`);
    lines.push(line);
    if (pattern.test(line)) return lines;
  }
}

Deno.test({
  name:
    "msgserver --nats shares its room, through a broker's end and a server's",
  ignore: !HAS_NATS,
  fn: async () => {
    await using broker = await NatsBroker.start();
    await using one = await startServer(broker);
    await using two = await startServer(broker);
    await using three = await startServer(broker, "--json");
    await using other = await startServer(broker, "--room", "other");
    using ana = await Chatter.join(one.port);
    using bob = await Chatter.join(two.port);
    using eve = await Chatter.join(three.port);
    using joe = await Chatter.join(other.port);
    // Who came a moment ago is told of, or not: news takes a moment.
    const joined = (await until(ana, RegExp(`${eve.name} joined`))).length;
    assert(joined <= 2);

    // One name is one person's; and the order is that of the sender.
    await ana.say("/nick ana", "hello");
    await until(bob, / is now ana$/);
    await bob.expect("<ana> hello");
    await until(eve, / is now ana$/);
    await eve.expect("<ana> hello");
    await eve.say("/nick ANA", "/list");
    await eve.expect(
      '! Nickname "ANA" is taken',
      `* 3 connected: ana, ${bob.name}, ${eve.name}`,
    );
    await joe.say("/list");
    await joe.expect(`* 1 connected: ${joe.name}`);
    await until(ana, / is now ana$/);

    // The broker goes, and comes back.
    await broker.kill();
    for (const chatter of [ana, bob, eve]) {
      await chatter.expect("* Other servers cannot be heard");
    }
    await ana.say("alone", "/list");
    await ana.expect("* 1 connected: ana");
    await broker.start();
    await until(ana, /^\* Other servers can be heard again$/);
    for (const chatter of [bob, eve]) {
      assertEquals((await until(chatter, /lost$/)).sort(), [
        "* 1 line from another server was lost",
        "* Other servers can be heard again",
      ]);
    }
    await bob.say("together");
    await ana.expect(`<${bob.name}> together`);
    await eve.expect(`<${bob.name}> together`);

    // A server is killed; another stops in order.
    await three.stop("SIGKILL");
    await ana.expect(`* ${eve.name} left`);
    await bob.expect(`* ${eve.name} left`);
    assertEquals((await two.stop()).code, 0);
    await ana.expect(`* ${bob.name} left`);
    await ana.say("/list", "/quit");
    await ana.expect("* 1 connected: ana", "* Goodbye", null);
  },
});

Deno.test({
  name:
    "msgserver --nats comes back from a broker that stood still, or let nobody in",
  ignore: !HAS_NATS,
  fn: async () => {
    await using broker = await NatsBroker.start();
    await using one = await startServer(broker);
    await using two = await startServer(broker);
    using ana = await Chatter.join(one.port);
    using bob = await Chatter.join(two.port);
    await until(ana, RegExp(`${bob.name} joined`));

    // Both are there, and nobody seems to have left.
    broker.signal("SIGSTOP");
    await ana.expect("* Other servers cannot be heard");
    await delay(3000);
    broker.signal("SIGCONT");
    await ana.expect("* Other servers can be heard again");

    // Twice refused, the client of NATS gives up, unless it is told not to.
    await broker.kill();
    await ana.expect("* Other servers cannot be heard");
    await broker.start("--auth", "secret");
    await delay(2000);
    await broker.kill();
    await broker.start();
    await ana.expect("* Other servers can be heard again");
    await delay(1000); // The way back of the other server.
    await ana.say("together");
    const heard = await until(bob, RegExp(`^<${ana.name}> together$`));
    assertEquals(heard.filter((line) => line.includes("again")).length, 2);
  },
});

Deno.test({
  name:
    "msgserver --nats tells of a line that is too long for the broker as lost",
  ignore: !HAS_NATS,
  fn: async () => {
    const config = await Deno.makeTempFile();
    await Deno.writeTextFile(config, "max_payload: 1000\n");
    await using broker = await NatsBroker.start("-c", config);
    await Deno.remove(config);
    await using one = await startServer(broker);
    await using two = await startServer(broker);
    using ana = await Chatter.join(one.port);
    using bob = await Chatter.join(two.port);
    await until(ana, RegExp(`${bob.name} joined`));
    await ana.say("x".repeat(2000), "short");
    const heard = await until(bob, /short$/);
    assertEquals(heard.at(-2), "* 1 line from another server was lost");
  },
});

Deno.test("msgserver says in words what is wrong with --nats and --room", async () => {
  using closed = await closedPort();
  const address = `127.0.0.1:${closed.port}`;
  const net = `--allow-net=127.0.0.1`;
  const tries: [string[], number, RegExp][] = [
    [
      ["--nats", address],
      1,
      /No NATS server lets us in at 127\.0\.0\.1:\d+ \(connection refused\): /,
    ],
    [["--room", "friends"], 2, /Option --room needs --nats/],
    [["--nats", "here"], 2, /Expected <host>:<port>, got "here"/],
    [["--nats", address, "--room", "a.b"], 2, /got "a\.b"/],
  ];
  for (const [args, expected, words] of tries) {
    const { code, stderr } = await runScript(
      ["run", "--no-prompt", net, MAIN, "0", ...args],
    );
    assertMatch(stderr, words);
    assertEquals(code, expected, stderr);
  }
});
