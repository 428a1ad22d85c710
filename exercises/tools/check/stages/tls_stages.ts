import {
  Deadline,
  TimeoutError,
} from "../../../../protocol/transport/deadline.ts";
import type { Connect } from "../../../../protocol/transport/mod.ts";
import { tlsConnect } from "../../../../protocol/transport/tls.ts";
import { TlsError } from "../../../../protocol/transport/tls_socket.ts";
import { explainError } from "../../../cli/explain_error.ts";
import type { ServerUnderTest } from "../server_under_test.ts";
import { Failure, Skip, type Stages } from "../stage.ts";

/** A TLS record of this type is an alert (RFC 8446, 5.1). */
const ALERT = 0x15;

/** Of every server whose command has `{cert}` and `{key}`. */
export const tlsStages = {
  "tls": {
    title: "With {cert} and {key} it speaks TLS, and takes nothing else for it",
    points: 0,
    run: async (server) => {
      const { authority } = server.place;
      if (authority === null) throw new Skip("unoffered");
      await (await shakeHands(server, authority)).finish();
      const plain = await server.connectBy();
      await plain.send("hello, in the clear\r\n");
      const answer = await plain.receive();
      if (answer && answer[0] !== ALERT) {
        throw plain.failure("unasked", new Uint8Array(), answer);
      }
      await shakeHands(server, authority);
    },
  },
} satisfies Stages<ServerUnderTest>;

/** @throws {Failure} It speaks no TLS, or shows another certificate. */
async function shakeHands(server: ServerUnderTest, authority: string) {
  // Only Deno's own connections take TLS.
  const connect = tlsConnect(Deno.connect, [authority]);
  const timed: Connect = async (options) => {
    const { answerMs } = server.attempt.patience;
    using deadline = new Deadline("total", answerMs, options.signal);
    return await connect({ ...options, signal: deadline.signal });
  };
  try {
    return await server.connectBy(timed);
  } catch (error) {
    if (error instanceof TimeoutError) throw new Failure("silent");
    if (!(error instanceof TlsError)) throw error;
    throw new Failure("wrong", null, explainError(error).what);
  }
}
