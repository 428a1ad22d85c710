import { tlsListen } from "../../../protocol/transport/tls.ts";
import { echoServer } from "../../04_echo_server.ts";
import { proxy } from "../../09_proxy.ts";
import { tlsClient } from "../../10_tls_client.ts";
import { explainError } from "../../cli/explain_error.ts";
import { check, HOST, type Step } from "./demo_stage.ts";

const SECRET = "nobody else may read this";

/** An echo through a proxy, which is what the demo watches. */
export const tlsStep: Step = {
  command: "tls",
  title: "Exercise 10: TLS",
  shows: "What stands between sees bytes, and none of the words.",
  run: async (stage) => {
    // Its packages take their time: only this step waits for them.
    const { createAuthority } = await import("../certificate/issue.ts");
    const authority = await createAuthority();
    const listen = tlsListen(await authority.issue([HOST]));
    await using server = echoServer(0, { listen });
    const { port } = server.addr;
    await using between = proxy(0, HOST, port, { connect: stage.connect });
    const { answer } = await tlsClient(HOST, between.addr.port, {
      signal: stage.signal,
      caCerts: [authority.cert],
      text: SECRET,
    });
    check(answer === `${SECRET}\r\n`, `it answered ${answer}`);
    const refused = await tlsClient(HOST, port, { signal: stage.signal })
      .then(() => null, explainError);
    check(refused !== null, "an unknown authority was trusted");
    return `"${SECRET}" came back; with nobody to trust: ${refused.what}`;
  },
};
