import { deploy } from "../../test/support/executions.ts";
import { startInstance } from "../../test/support/instance.ts";
import type { Instance } from "../../test/support/instance.ts";
import { startChild } from "./child.ts";

/**
 * A complete installation of Duranium, the bare handler at the same Restate server, and the server that both
 * fetch from: four processes, plus the one that measures.
 */
export interface Lab extends AsyncDisposable {
  readonly instance: Instance;
  /** The URL of the fetched server: `http://127.0.0.1:port`. */
  readonly targetUrl: string;
  /** Deploys a workflow and returns the URL at which Restate accepts executions of it. */
  deploy(workflow: string, source: string): Promise<string>;
  /** The URL at which Restate accepts invocations of a handler of the bare object. */
  bare(handler: string): string;
  readonly barePid: number | undefined;
  /** Queries Restate's introspection. */
  sql<Row>(query: string): Promise<readonly Row[]>;
}

interface Served {
  readonly url: string;
}

export async function openLab(environment: Record<string, string> = {}): Promise<Lab> {
  await using stack = new AsyncDisposableStack();
  const instance = stack.use(await startInstance({ ...unlimited, ...environment }));
  const target = stack.use(await startChild<Served>(new URL("./target-child.ts", import.meta.url)));
  const bare = stack.use(await startChild<Served>(new URL("../baselines/bare-handler.ts", import.meta.url)));
  await post(`${instance.restateAdminUrl}/deployments`, { uri: bare.ready.url });
  await post(`${instance.restateIngressUrl}/Bare/bench/deploy`, null);
  const owned = stack.move();
  return {
    instance,
    targetUrl: target.ready.url,
    async deploy(workflow, source) {
      await deploy(instance, workflow, source);
      return `${instance.restateIngressUrl}/Workflow/${workflow}/execute`;
    },
    barePid: bare.pid,
    async sql<Row>(query: string) {
      return await queryRestate<Row>(instance, query);
    },
    bare: (handler) => `${instance.restateIngressUrl}/Bare/bench/${handler}`,
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

/** All requests of a bench come from one IP address with one key, so rate limits are lifted. */
const unlimited = {
  DURANIUM_RATE_LIMIT_PER_KEY: "1000000000",
  DURANIUM_RATE_LIMIT_PER_ADDRESS: "1000000000",
};

async function queryRestate<Row>({ restateAdminUrl }: Instance, query: string): Promise<readonly Row[]> {
  const response = await fetch(`${restateAdminUrl}/query`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query }),
  });
  const { rows } = (await response.json()) as { readonly rows: readonly Row[] };
  return rows;
}

/** Posts JSON and returns the response body. Throws on an error status. */
export async function post(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: body === null ? null : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return text === "" ? null : JSON.parse(text);
}
