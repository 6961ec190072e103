import { z } from "zod";
import type { Declarations } from "../domain/automation/declarations.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { Diagnostic } from "../domain/errors.ts";
import type { WorkflowSource } from "../domain/workflow.ts";
import { flowSchema } from "./flow-schema.ts";
import { declaredSchedulesSchema } from "./schedule-schema.ts";

/** The exports of a workflow that are read when it is deployed: `schedules` and `flow`. */
const declarationsSchema: z.ZodType<Declarations> = z.object({
  schedules: declaredSchedulesSchema.exactOptional(),
  flow: flowSchema.exactOptional(),
});

/** More errors than this help no author. */
const maxDiagnostics = 20;

/**
 * Parses what the guest reports. It is untrusted.
 *
 * @param json of at most `maxDeclarationBytes`
 * @throws {DuraniumError} `invalid-declaration`, with a diagnostic for each broken rule
 */
export function parseDeclarations(json: Uint8Array, source: WorkflowSource): Declarations {
  const parsed = declarationsSchema.safeParse(parseJson(json));
  if (parsed.success) return parsed.data;
  const diagnostics = parsed.error.issues
    .slice(0, maxDiagnostics)
    .map((issue) => diagnosticOf(issue, source));
  const [first] = diagnostics;
  const more = diagnostics.length === 1 ? "" : `, and ${diagnostics.length - 1} more`;
  throw new DuraniumError("invalid-declaration", `Cannot deploy the workflow: ${first?.message}${more}`, {
    diagnostics,
  });
}

/** A hostile guest may send anything. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}

function diagnosticOf({ path, message }: z.core.$ZodIssue, source: WorkflowSource): Diagnostic {
  const [name] = path;
  const place = path.length === 0 ? "The declarations" : pathText(path);
  return {
    message: `${place}: ${message}`,
    hint: `Correct the export \`${String(name ?? "schedules")}\`. It is read when the workflow is deployed`,
    file: source.entry,
    ...lineOf(String(name), source),
  };
}

/** `schedules[0].cron[1]` */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`,
    )
    .join("");
}

/** The line of the entry on which the export is declared, if it is there. */
function lineOf(
  name: string,
  { entry, files }: WorkflowSource,
): Pick<Diagnostic, "line" | "column" | "lineText"> {
  const lines = (files[entry] ?? "").split(/\r?\n/);
  const index = lines.findIndex((line) => line.startsWith("export ") && line.split(/[\s:=;]+/)[2] === name);
  const lineText = lines[index];
  return lineText === undefined ? {} : { line: index + 1, column: 1, lineText };
}
