import { DuraniumError } from "../domain/errors.ts";
import { defaultExecutionLimits } from "../domain/execution-limits.ts";
import { parseEntryPoint, parseWorkflowId } from "../domain/ids.ts";
import type { HttpClient } from "../host/http-client.ts";
import { loadEngine } from "../sandbox/instance.ts";
import { requireSpoken } from "../sandbox/protocol-version.ts";
import { beginRun } from "./begin-run.ts";
import { evaluate } from "./evaluate.ts";
import { createLocalStates } from "./local-state.ts";
import type { Preview, PreviewEngine, PreviewRequest } from "./preview.ts";

export interface PreviewOptions {
  readonly engine: PreviewEngine;
  /** How fetches are sent for which there is no answer. */
  readonly http: Pick<HttpClient, "fetch">;
}

/** @throws {DuraniumError} `protocol-unsupported` */
export function createPreview({ engine, http }: PreviewOptions): Preview {
  requireSpoken(engine.protocolVersion);
  const loaded = loadEngine(engine.digest, engine.module);
  const states = createLocalStates();
  return {
    states,
    async run(bundle, source, request) {
      requireRequest(request);
      const limits = { ...defaultExecutionLimits, ...request.limits };
      const instance = evaluate(loaded, engine.protocolVersion, { bundle, source, limits });
      return beginRun({ request, limits, instance, sourceMap: bundle.sourceMap, http, states });
    },
  };
}

function requireRequest({ workflowId, entryPoint, seed }: PreviewRequest): void {
  parseWorkflowId(workflowId);
  if (entryPoint !== undefined) parseEntryPoint(entryPoint);
  if (seed !== undefined && !/^[0-9a-f]{64}$/.test(seed))
    throw new DuraniumError("invalid-request", "The seed of a preview has 64 hexadecimal digits");
}
