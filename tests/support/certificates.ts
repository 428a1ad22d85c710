import {
  createAuthority,
  type Identity,
} from "../../exercises/tools/certificate/issue.ts";
import { tlsConnect, tlsListen } from "../../protocol/transport/tls.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const NAMES = ["localhost", "127.0.0.1", "::1"];

const authority = await createAuthority();

const between = (first: number, last: number) => ({
  notBefore: new Date(Date.now() + first * DAY_MS),
  notAfter: new Date(Date.now() + last * DAY_MS),
});

/** Whom the clients of a test trust, as PEM. */
export const CA = authority.cert;

/** What the servers of a test show: one that is right, and wrong ones. */
export const IDENTITIES = {
  good: await authority.issue(NAMES),
  expired: await authority.issue(NAMES, between(-9, -2)),
  "not yet valid": await authority.issue(NAMES, between(2, 9)),
  "of another name": await authority.issue(["other.test", "192.0.2.7"]),
  "of an unknown authority": await (await createAuthority()).issue(NAMES),
} as const satisfies Record<string, Identity>;

export const GOOD: Identity = IDENTITIES.good;

/** A client's and a server's side of it. */
export const connect = tlsConnect(Deno.connect, [CA]);
export const listen = tlsListen(GOOD);
