import { DuraniumError } from "../../domain/errors.ts";
import type { HealthService } from "../contract/services.ts";
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
    answers: [{ status: 200, description: "The process is alive", schema: health }],
    errors: [],
    handle: (_input, context) => context.json({ status: "ok" }),
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
    answers: [{ status: 200, description: "Workflows can be deployed and executed", schema: health }],
    errors: ["not-ready"],
    handle: async (_input, context) => {
      const problems = await service.problems();
      if (problems.length === 0) return context.json({ status: "ok" });
      const error = new DuraniumError("not-ready", `Duranium is not ready: ${problems.join("; ")}`);
      return problemResponse(error, { instance: context.req.path, problems });
    },
  });
}
