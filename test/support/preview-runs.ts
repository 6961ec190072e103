import type { PreviewRequest, PreviewSource, PreviewState } from "../../src/preview/contract/preview.ts";
import type { NodePreview } from "../../src/preview/node-preview.ts";
import type { Action } from "../../web/src/preview/messages.ts";
import type { PreviewCase } from "./preview-cases.ts";
import type { Answer } from "./target.ts";

/** Runs cases as previews: their sources, the actions on a run in progress, and the servers that they call. */

export function sourceOf({ files }: PreviewCase): PreviewSource {
  const [entry = ""] = Object.keys(files);
  return { entry, files };
}

export function requestOf({ entryPoint, cancelAt }: PreviewCase, given: PreviewRequest): PreviewRequest {
  return {
    ...given,
    ...(entryPoint === undefined ? {} : { entryPoint }),
    ...(cancelAt === undefined ? {} : { clock: "real" }),
  };
}

/** The action on a run that has reached a given point, the same as on the execution. */
export function reactionTo(
  { status, steps, events, callbacks, pendingRequests: [pending] }: PreviewState,
  { cancelAt, events: posted = {}, callback, children = {} }: PreviewCase,
): Action | undefined {
  if (cancelAt !== undefined && steps.some(({ name }) => name.startsWith(cancelAt)))
    return { kind: "cancel" };
  if (status !== "waiting") return undefined;
  const answer = pending?.kind === "call" ? children[pending.workflowId]?.answer : undefined;
  if (pending !== undefined && answer !== undefined) return { kind: "answer", step: pending.step, answer };
  const [name = ""] = events;
  const payload = posted[name];
  if (payload !== undefined) return { kind: "send-event", name, payload };
  const [first] = callbacks;
  if (callback !== undefined && first?.isUsed === false)
    return { kind: "complete-callback", callback: first.url, payload: callback };
  return { kind: "advance-to-next" };
}

export async function runInNode(
  preview: NodePreview,
  given: PreviewCase,
  request: PreviewRequest,
): Promise<PreviewState> {
  using run = await preview.run(sourceOf(given), requestOf(given, request));
  run.subscribe((state) => {
    const action = reactionTo(state, given);
    if (action?.kind === "cancel") run.cancel();
    if (action?.kind === "send-event") run.sendEvent(action.name, action.payload);
    if (action?.kind === "complete-callback") run.completeCallback(action.callback, action.payload);
    if (action?.kind === "answer") run.answer(action.step, action.answer);
    if (action?.kind === "advance-to-next") run.advanceToNext();
  });
  return await run.ended;
}

/** The same routes with CORS headers: browsers send preflight requests, and only expose the allowed headers. */
export function withCors(routes: Readonly<Record<string, Answer>>): Readonly<Record<string, Answer>> {
  return new Proxy(routes, { get: (given, name: string) => openTo(given[name] ?? notFound) });
}

function openTo(answer: Answer): Answer {
  return async (request, response) => {
    for (const what of ["origin", "headers", "methods"])
      response.setHeader(`access-control-allow-${what}`, "*");
    response.setHeader("access-control-expose-headers", "*");
    return await answer(request, response);
  };
}

const notFound: Answer = ({ method }, response) => {
  response.statusCode = method === "OPTIONS" ? 204 : 404;
  return null;
};
