import { json } from "../http/answer.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { type AboutBody, about } from "./about-schema.ts";

export interface AboutOptions {
  /** The version of Duranium. */
  readonly version: string;
  /** Present if Restate's web UI is served. */
  readonly restateAdmin?: object;
  /** True if versions can be downloaded as components. Defaults to false. */
  readonly portableComponents?: boolean;
  /** Present if the web UI is served. */
  readonly page?: object | undefined;
}

export function aboutRoutes(options: AboutOptions): readonly Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/",
      access: "public",
      bypassesOverload: true,
      operationId: "getAbout",
      tag: "About",
      summary: "Get the name, version and URLs of the server",
      answer: json(about, "Name, version and URLs"),
      errors: [],
      handle: () => aboutBody(options),
    }),
  ];
}

function aboutBody({ version, restateAdmin, portableComponents = false, page }: AboutOptions): AboutBody {
  return {
    name: "duranium",
    version,
    features: { portableComponents },
    links: {
      ...(page === undefined ? {} : { page: "/app", docs: "/docs" }),
      openapi: "/openapi.json",
      workflows: "/workflows",
      executions: "/executions",
      apiKeys: "/api-keys",
      health: "/healthz",
      readiness: "/readyz",
      metrics: "/metrics",
      ...(restateAdmin === undefined ? {} : { restateUi: "/ui/" }),
    },
  };
}
