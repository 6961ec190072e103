import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { deploy, until, untilEnded } from "../support/executions.ts";
import type { Instance } from "../support/instance.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/** What is done with each workflow of `workflows/`, on a real Duranium. Resolves to the id of the execution. */
type Scenario = (stage: Stage) => Promise<string>;

export interface Stage {
  readonly instance: Instance;
  readonly target: Target;
}

const scenarios: Readonly<Record<string, Scenario>> = {
  fetches: async ({ instance, target }) => {
    const away = await startTarget({});
    await away[Symbol.asyncDispose]();
    const payload = { url: target.url, closed: away.url };
    return await startExecution(instance, "fetches?entry-point=recorded", payload);
  },
  timers: async ({ instance }) => await startExecution(instance, "timers"),
  events: async ({ instance, target }) => {
    const id = await startExecution(instance, "events", target.url);
    for (const step of ["first", "second"]) await send(instance, id, "step", step);
    await target.arrived("POST /callback");
    const callback = target.seen.find(({ path }) => path === "/callback")?.body ?? "";
    await fetch(callback, { method: "POST", body: '{"paid":true}', headers: json });
    await target.arrived("POST /ready");
    await until(instance, id, ({ steps }) => steps.filter(isLateWait).length === 2);
    await send(instance, id, "late", "at last");
    return id;
  },
  state: async ({ instance }) => await startExecution(instance, "state"),
  calls: async ({ instance, target }) => await startExecution(instance, "calls", target.url),
  cancelled: async ({ instance, target }) => {
    const id = await startExecution(instance, "cancelled", target.url);
    await target.arrived("GET /never");
    await until(instance, id, ({ steps }) => steps.length === 4);
    await instance.request("POST", `/executions/${id}/cancel`);
    return id;
  },
  unawaited: async ({ instance, target }) => await startExecution(instance, "unawaited", target.url),
  failed: async ({ instance }) => await startExecution(instance, "failed"),
};

const json = { "content-type": "application/json" };

/** Runs all of them, and resolves when they have ended. */
export async function playScenarios(instance: Instance): Promise<readonly string[]> {
  await using target = await startScenarioTarget();
  for (const name of ["child", ...Object.keys(scenarios)]) await deploy(instance, name, await sourceOf(name));
  const ids = await Promise.all(
    Object.values(scenarios).map(async (play) => {
      const id = await play({ instance, target });
      await untilEnded(instance, id);
      return id;
    }),
  );
  await instance.request("POST", "/workflows/failed/activate", { body: { version: 1 } });
  await instance.request("DELETE", "/workflows/failed");
  return ids;
}

async function sourceOf(name: string): Promise<string> {
  return await readFile(new URL(`workflows/${name}.js`, import.meta.url), "utf8");
}

async function startScenarioTarget(): Promise<Target> {
  const target: Target = await startTarget({
    "GET /order": () => ({ id: 7, total: 12.5, note: "“schön”" }),
    "POST /orders": (_request, response) => void response.writeHead(201).end("stored"),
    "GET /bytes": (_request, response) => response.end(Buffer.from([0, 255, 128, 10])),
    "GET /slow": async () => {
      await delay(400);
      return "slow";
    },
    "GET /never": async () => await new Promise(() => {}),
    "GET /flaky": (_request, response) => {
      response.statusCode = target.count("GET /flaky") < 3 ? 503 : 200;
      return "at last";
    },
    "GET /part": ({ path }) => Number(path.split("?")[1]),
    "POST /callback": () => null,
    "POST /ready": () => null,
    "POST /undone": () => null,
  });
  return target;
}

async function startExecution(
  instance: Instance,
  workflow: string,
  payload: unknown = null,
): Promise<string> {
  const [id, query = ""] = workflow.split("?");
  const path = `/workflows/${id}/execute?${query}`;
  const { status, body } = await instance.request("POST", path, { body: payload });
  if (status !== 202) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
  return body.executionId;
}

async function send(instance: Instance, id: string, name: string, payload: unknown): Promise<void> {
  const { status } = await instance.request("POST", `/executions/${id}/events/${name}`, { body: payload });
  if (status !== 202) throw new Error(`The event ${name} was answered ${status}`);
}

function isLateWait({ name }: { readonly name: string }): boolean {
  return name === "wait for event late";
}
