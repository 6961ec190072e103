import type { ContentfulStatusCode, StatusCode } from "hono/utils/http-status";
import { DuraniumError } from "../../domain/errors.ts";
import { parseExecutionId } from "../../domain/ids.ts";
import { assertScope } from "../../domain/permissions.ts";
import type { ApiContext } from "../contract/context.ts";
import { maxRestateRequestBytes } from "../contract/limits.ts";
import type { ExecutionService, RestateAdminAnswer, RestateAdminService } from "../contract/services.ts";
import { readBytes } from "../http/body.ts";
import { defineRoute } from "../http/route.ts";
import type { Route } from "../http/route.ts";
import { restateApiPath, restateDocument, restateFileHeaders, restateUiPath } from "./restate-document.ts";
import { createRestateProxy } from "./restate-proxy.ts";
import type { ForwardedRequest, RestateProxy } from "./restate-proxy.ts";
import { assertQueryAllowed } from "./restate-query.ts";

export interface RestateRoutesOptions {
  /** Enables these routes if given. */
  readonly restateAdmin?: RestateAdminService;
  readonly executions: Pick<ExecutionService, "workflowOf">;
  readonly publicOrigin?: string | undefined;
}

/**
 * Restate's web UI at `/ui/`, and the part of Restate's admin API that it needs below `/restate/`. A key needs the
 * scope to operate executions and must not be bound to workflows, because queries can read everything. Requests that
 * would change more than invocations (deployments, services, state) are rejected, because only Duranium may change
 * those.
 */
export function restateRoutes({
  restateAdmin,
  executions,
  publicOrigin,
}: RestateRoutesOptions): readonly Route[] {
  if (restateAdmin === undefined) return [];
  const proxy = createRestateProxy(restateAdmin);
  const ask = async (context: ApiContext, given: Pick<ForwardedRequest, "body" | "isOperation"> = {}) =>
    respond(context, await proxy(context, { target: apiTarget(context), mayBeEncoded: true, ...given }));
  return [
    defineRoute({
      ...shared,
      method: "get",
      path: "/ui",
      operationId: "getRestateUi",
      handle: (_input, context) => context.redirect(restateUiPath),
    }),
    defineRoute({
      ...shared,
      method: "get",
      path: `${restateUiPath}*`,
      operationId: "getRestateUi",
      handle: async (_input, context) => await answerPage(context, proxy, publicOrigin),
    }),
    defineRoute({
      ...shared,
      method: "get",
      path: `${restateApiPath}*`,
      operationId: "readRestate",
      handle: async (_input, context) => await ask(context),
    }),
    defineRoute({
      ...shared,
      method: "post",
      path: `${restateApiPath}query`,
      operationId: "queryRestate",
      handle: async (_input, context) => {
        const body = await bodyOf(context);
        assertQueryAllowed(body);
        return await ask(context, { body });
      },
    }),
    ...(["post", "patch"] as const).map((method) =>
      defineRoute({
        ...shared,
        method,
        path: `${restateApiPath}*`,
        operationId: operateRestate,
        isAudited: true,
        handle: async (_input, context) => {
          const body = await bodyOf(context);
          await assertOperable(context, body, executions);
          return await ask(context, { body, isOperation: true });
        },
      }),
    ),
  ];
}

/** The audit action of changes made through Restate's web UI, which are not part of the OpenAPI document. */
export const operateRestate = "operateRestate";

const shared = {
  access: "executions:manage",
  allowsAnyQuery: true,
  tag: "Restate",
  summary: "Restate's UI and the requests that it sends to Restate",
  errors: ["restate-unavailable"],
} as const;

/** All paths of the web UI that do not look like files return its document. */
async function answerPage(
  context: ApiContext,
  proxy: RestateProxy,
  publicOrigin: string | undefined,
): Promise<Response> {
  const { pathname, search } = new URL(context.req.url);
  const isFile = /\.\w+$/.test(pathname);
  const answer = await proxy(context, { target: `${pathname}${search}`, mayBeEncoded: isFile });
  const isHtml = answer.headers["content-type"]?.startsWith("text/html") === true;
  if (isFile && isHtml) {
    await answer.body.cancel();
    throw new DuraniumError("route-not-found", `Restate's page has no file ${pathname}: load the page again`);
  }
  if (!isHtml) {
    context.set("documentHeaders", restateFileHeaders(context, publicOrigin));
    return respond(context, answer);
  }
  const { html, headers } = restateDocument(context, await new Response(answer.body).text(), publicOrigin);
  context.set("documentHeaders", headers);
  return context.html(html, answer.status as ContentfulStatusCode);
}

function apiTarget({ req }: ApiContext): string {
  const { pathname, search } = new URL(req.url);
  return `/${pathname.slice(restateApiPath.length)}${search}`;
}

async function bodyOf({ req }: ApiContext): Promise<Uint8Array> {
  return await readBytes(req.raw, maxRestateRequestBytes);
}

const operations = "(?:cancel|kill|pause|purge|purge-journal|restart-as-new|resume)";
const operationOnOne = new RegExp(`^/invocations/(\\w+)/${operations}$`);
const operationOnMany = new RegExp(`^/internal/invocations_batch_operations/${operations}$`);

/**
 * Deploys and state changes are invocations too, so restarting one requires the scope for deploying.
 *
 * @throws {DuraniumError} `forbidden`
 */
async function assertOperable(
  context: ApiContext,
  body: Uint8Array,
  executions: RestateRoutesOptions["executions"],
): Promise<void> {
  const target = apiTarget(context).replace(/\?.*$/, "");
  const [, id] = operationOnOne.exec(target) ?? [];
  const apiKey = context.get("apiKey");
  if (operationOnMany.test(target)) {
    assertScope(apiKey, "workflows:deploy");
    const ids =
      Buffer.from(body)
        .toString("latin1")
        .match(/\binv_\w+/g) ?? [];
    context.set("auditSubject", `${context.req.path}: ${ids.join(", ")}`);
  } else if (id === undefined) throw notPassedOn(context);
  else if (!apiKey.scopes.includes("workflows:deploy")) await assertExecution(id, executions);
}

async function assertExecution(id: string, executions: RestateRoutesOptions["executions"]): Promise<void> {
  try {
    await executions.workflowOf(parseExecutionId(id));
  } catch (cause) {
    if (!(cause instanceof DuraniumError) || cause.code !== "execution-not-found") throw cause;
    throw new DuraniumError(
      "forbidden",
      `The API key may not do this: "${id}" is no execution, and other invocations need the scope workflows:deploy`,
      { cause },
    );
  }
}

function notPassedOn({ req }: ApiContext): DuraniumError {
  return new DuraniumError(
    "forbidden",
    `Cannot ${req.method} ${req.path}: only requests that change nothing but invocations are forwarded to Restate`,
  );
}

function respond(context: ApiContext, { status, headers, body }: RestateAdminAnswer): Response {
  if (!bodiless.has(status)) return context.newResponse(body, status as StatusCode, headers);
  void body.cancel();
  return context.newResponse(null, status as StatusCode, headers);
}

/** https://fetch.spec.whatwg.org/#null-body-status */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);
