import { type ApiContext } from "../contract/context.ts";
import type { SessionService } from "../contract/services.ts";
import { json, noContent } from "../http/answer.ts";
import { jsonBody } from "../http/body.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { rejectCrossSite, assertSameOrigin } from "./same-origin.ts";
import { clearSessionCookie, readSessionToken, setSessionCookie } from "./session-cookie.ts";
import { sessionView, openSessionRequest, session, sessionStatus } from "./session-schema.ts";
import { unauthenticated } from "./unauthenticated.ts";

const tag = "Session";

export interface SessionRouteOptions {
  readonly sessions: SessionService;
  /** The public origin of the API, if a proxy changes the origin of requests. */
  readonly publicOrigin?: string | undefined;
}

export function sessionRoutes(options: SessionRouteOptions): readonly Route[] {
  return [open(options), get(), status(options), close(options)];
}

function open({ sessions, publicOrigin }: SessionRouteOptions): Route {
  return defineRoute({
    method: "post",
    path: "/session",
    access: "public",
    operationId: "openSession",
    isAudited: true,
    tag,
    summary: "Log in with an API key",
    description:
      "Sets an HttpOnly cookie that replaces the key on all routes. Routes that change data accept it only from the web UI " +
      "of this server.",
    body: jsonBody(openSessionRequest),
    answer: json(session, "The session", { headers: { "set-cookie": "The session cookie" } }),
    errors: ["unauthenticated", "cross-site"],
    handle: async ({ body }, context) => {
      rejectCrossSite(context, publicOrigin);
      const opened = await sessions.open(body.key);
      if (opened === undefined) throw unauthenticated("unknown");
      await closeKnown(sessions, context);
      setSessionCookie(context, opened);
      context.set("apiKey", opened.apiKey);
      return sessionView(opened);
    },
  });
}

function get(): Route {
  return defineRoute({
    method: "get",
    path: "/session",
    access: "any-key",
    operationId: "getSession",
    tag,
    summary: "Get the current session or API key",
    answer: json(session, "The session or API key, with its permissions"),
    errors: [],
    handle: (_input, context) => {
      const apiKey = context.get("apiKey");
      const expiresAt = context.get("sessionExpiresAt") ?? apiKey.expiresAt;
      return sessionView({ apiKey, expiresAt });
    },
  });
}

/** The first request of the web UI. It succeeds without a session, so that a first visit is not an error. */
function status({ sessions }: SessionRouteOptions): Route {
  return defineRoute({
    method: "get",
    path: "/session/status",
    access: "public",
    operationId: "getSessionStatus",
    tag,
    summary: "Get the status of the session",
    description:
      "Reads the session cookie only and succeeds without one, for the web UI. `GET /session` requires a session or an API key.",
    answer: json(sessionStatus, "The session, if there is one"),
    errors: [],
    handle: async (_input, context) => {
      const token = readSessionToken(context);
      const found = token === undefined ? undefined : await sessions.find(token);
      if (token !== undefined && found === undefined) clearSessionCookie(context);
      return { session: found === undefined ? null : sessionView(found) };
    },
  });
}

function close({ sessions, publicOrigin }: SessionRouteOptions): Route {
  return defineRoute({
    method: "delete",
    path: "/session",
    access: "public",
    operationId: "closeSession",
    isAudited: true,
    tag,
    summary: "Log out",
    description: "Succeeds if the session has already expired.",
    answer: noContent("The session was closed", { headers: { "set-cookie": "Deletes the session cookie" } }),
    errors: ["cross-site"],
    handle: async (_input, context) => {
      if (readSessionToken(context) !== undefined) assertSameOrigin(context, publicOrigin);
      await closeKnown(sessions, context);
      clearSessionCookie(context);
    },
  });
}

/** Closes the session of the request, and records its key for the audit log. */
async function closeKnown(sessions: SessionService, context: ApiContext): Promise<void> {
  const token = readSessionToken(context);
  const known = token === undefined ? undefined : await sessions.find(token);
  if (token === undefined || known === undefined) return;
  await sessions.close(token);
  context.set("apiKey", known.apiKey);
}
