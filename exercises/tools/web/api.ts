import { catalogue, commands } from "../../catalogue.ts";
import { UsageError } from "../../cli/outcome.ts";
import { DIAGRAM_ENDINGS } from "../../cli/shared_parameters.ts";
import { eventStream, parseAfter } from "./event_stream.ts";
import { formOf, offered } from "./forms.ts";
import { HEADERS, refusal } from "./guard.ts";
import { orderOf } from "./orders.ts";
import { faultsIn, filledIn, inputIn, readJson } from "./requests.ts";
import { MAX_RUNS, type Run, type Runs } from "./runs.ts";

/** What the routes need to know. */
export interface Desk {
  runs: Runs;
  /** It was said in the terminal that other hosts may be reached. */
  allowRemote: boolean;
  /** Fires when all runs have ended, and none can start any more. */
  stopping: AbortSignal;
}

/** A route: what answers a method of a path whose second part is a run's id. */
type Route = (
  run: Run,
  request: Request,
  desk: Desk,
) => Response | Promise<Response>;

const TYPES = {
  svg: "image/svg+xml",
  html: "text/html",
  txt: "text/plain",
  mmd: "text/plain",
};

const RUN_ROUTES: Record<string, Route> = {
  "DELETE ": (run, _, { runs }) =>
    runs.forget(run) ? done() : refusal(409, "It runs: stop it first"),
  "POST input": async (run, request) => {
    const { text } = inputIn(await readJson(request));
    run.type(text);
    return done();
  },
  "POST stop": (run) => {
    void run.stop();
    return done();
  },
  "POST faults": async (run, request) => {
    const faults = faultsIn(await readJson(request));
    if (run.order.command !== "proxy") {
      return refusal(409, "Only a proxy has faults to switch");
    }
    const errors: Record<string, string> = {};
    for (const way of ["up", "down"] as const) {
      try {
        commands.proxy.options[way].parse(faults[way]);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        errors[way] = error.message;
      }
    }
    if (Object.keys(errors).length > 0) return json({ errors }, 400);
    run.setFaults(faults);
    return done();
  },
  ...Object.fromEntries(
    DIAGRAM_ENDINGS.map((ending): [string, Route] => [
      `GET diagram.${ending}`,
      (run) =>
        new Response(run.diagram(ending), {
          headers: {
            ...HEADERS,
            "content-type": `${TYPES[ending]}; charset=utf-8`,
            "content-disposition":
              `attachment; filename="${run.order.command}-${run.id}.${ending}"`,
          },
        }),
    ]),
  ),
};

/** Answers a request below /api that has passed the guard. */
export async function answerApi(
  request: Request,
  desk: Desk,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  const [, , room = "", id, action = "", ...more] = pathname.split("/");
  const { method } = request;
  if (id === undefined) {
    if (room === "commands") {
      return method === "GET"
        ? json(offered(catalogue).map(formOf))
        : notAllowed("GET");
    }
    if (room === "events") {
      return method === "GET" ? events(request, desk) : notAllowed("GET");
    }
    if (room !== "runs") return refusal(404, "There is no such thing");
    if (method === "GET") return json(desk.runs.all.map((run) => run.summary));
    return method === "POST"
      ? await start(request, desk)
      : notAllowed("GET, POST");
  }
  const run = room === "runs" && more.length === 0 ? desk.runs.get(id) : null;
  const allowed = Object.keys(RUN_ROUTES)
    .filter((route) => route.endsWith(` ${action}`))
    .map((route) => route.split(" ")[0]!);
  if (run === null || allowed.length === 0) {
    return refusal(404, "There is no such run, or no such thing of it");
  }
  const route = RUN_ROUTES[`${method} ${action}`];
  return route ? await route(run, request, desk) : notAllowed(allowed.join());
}

async function start(
  request: Request,
  { runs, allowRemote }: Desk,
): Promise<Response> {
  const filled = filledIn(await readJson(request));
  const row = offered(catalogue).find(({ name }) => name === filled.command);
  if (row === undefined) {
    return json({ errors: { "": "There is no such command here" } }, 400);
  }
  const checked = orderOf(row, filled);
  if ("errors" in checked) return json(checked, 400);
  const { order, far: errors } = checked;
  if (Object.keys(errors).length > 0 && !allowRemote) {
    return json({ errors }, 403);
  }
  const run = runs.start(order);
  if (run !== null) return json(run.summary, 201);
  const full = `${MAX_RUNS} are running already: stop one of them first`;
  return json({ errors: { "": full } }, 429);
}

/** What all runs tell, each from where `?after=` says. */
function events(request: Request, desk: Desk): Response {
  const text = new URL(request.url).searchParams.get("after") ?? "";
  const after = parseAfter(text);
  if (after === null) return refusal(400, "after is no list of run:event");
  const type = "application/x-ndjson; charset=utf-8";
  const headers = { ...HEADERS, "content-type": type };
  return new Response(eventStream(desk, after), { headers });
}

function json(value: unknown, status = 200): Response {
  const type = "application/json; charset=utf-8";
  return new Response(JSON.stringify(value), {
    status,
    headers: { ...HEADERS, "content-type": type },
  });
}

function done(): Response {
  return new Response(null, { status: 204, headers: HEADERS });
}

function notAllowed(allow: string): Response {
  const response = refusal(405, "That cannot be done with it");
  response.headers.set("allow", allow);
  return response;
}
