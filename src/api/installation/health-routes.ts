import { DuraniumError } from "../../domain/errors.ts";
import type { HealthService } from "../contract/services.ts";
import { json } from "../http/answer.ts";
import { problemResponse } from "../http/problem.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { health } from "./health-schema.ts";

const tag = "Health";

export function healthRoutes(service: HealthService): readonly Route[] {
  return [live(), ready(service)];
}

function live(): Route {
  return defineRoute({
    method: "get",
    path: "/healthz",
    access: "public",
    bypassesOverload: true,
    isProbe: true,
    operationId: "getHealth",
    tag,
    summary: "Check liveness",
    answer: json(health, "The process is alive"),
    errors: [],
    handle: () => ({ status: "ok" }) as const,
  });
}

function ready(service: HealthService): Route {
  return defineRoute({
    method: "get",
    path: "/readyz",
    access: "public",
    bypassesOverload: true,
    isProbe: true,
    operationId: "getReadiness",
    tag,
    summary: "Check readiness",
    answer: json(health, "Workflows can be deployed and executed"),
    errors: ["not-ready"],
    handle: async (_input, context) => {
      const problems = await service.problems();
      if (problems.length === 0) return { status: "ok" } as const;
      const error = new DuraniumError("not-ready", `Duranium is not ready: ${problems.join("; ")}`);
      return problemResponse(error, { instance: context.req.path, problems });
    },
  });
}
