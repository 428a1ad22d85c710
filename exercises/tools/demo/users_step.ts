import { FILE_LOGIN } from "../../../protocol/login_lines.ts";
import {
  MIN_ITERATIONS,
  newKeys,
  standInKeys,
} from "../../../protocol/scram_keys.ts";
import { Logins } from "../../../servers/logins.ts";
import { fileClient } from "../../08_file_client.ts";
import { fileServer } from "../../08_file_server.ts";
import { explainError } from "../../cli/explain_error.ts";
import { loggedIn } from "../../cli/logged_in.ts";
import { check, HOST, SHARED_FILES, type Step } from "./demo_stage.ts";

const NAME = "ana";
const PASSWORD = "correct horse";

/** A list without a login, with a wrong password, and with the right one. */
export const usersStep: Step = {
  command: "fileserver --users",
  title: "Exercise 8: users",
  shows: "The password is never sent, only a proof of knowing it.",
  run: async (stage) => {
    const logins = new Logins(await onlyAna());
    const options = { ...stage.network, dir: SHARED_FILES, logins };
    await using server = fileServer(0, options);
    const list = async (password: string | null) => {
      const { connect } = stage;
      const login = { name: NAME, password: password ?? "", words: FILE_LOGIN };
      using client = fileClient(HOST, server.addr.port, {
        ...stage,
        connect: password === null ? connect : loggedIn(connect, login),
      });
      const answer = await client.list();
      await client.quit();
      return answer;
    };
    const unknown = await list(null);
    check(unknown.kind === "error", "it lists its files for anybody");
    const wrong = await list("wrong").then(() => null, explainError);
    check(wrong !== null, "it lets in who has a wrong password");
    const { kind } = await list(PASSWORD);
    check(kind === "listing", `the answer to ${NAME} was ${kind}`);
    return `without a login: ${unknown.code}; with a wrong password: ` +
      "refused; with the right one: the list";
  },
};

/** A user file in memory, quick to try: the demo writes nothing. */
async function onlyAna() {
  const keys = await newKeys(PASSWORD, { iterations: MIN_ITERATIONS });
  const secret = crypto.getRandomValues(new Uint8Array(32));
  return {
    nameOf: (name: string) => name === NAME ? name : null,
    keysOf: (name: string) =>
      name === NAME ? Promise.resolve(keys) : standInKeys(secret, name, [keys]),
  };
}
