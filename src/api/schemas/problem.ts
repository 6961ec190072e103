import { z } from "zod";
import { timestamp } from "./common.ts";
import { type ErrorCode, errorCatalogue } from "../../domain/errors.ts";

export const diagnostic = z
  .strictObject({
    message: z.string().meta({ examples: ['Expected ";" but found "retrun"'] }),
    file: z
      .string()
      .exactOptional()
      .meta({ examples: ["workflow.ts"] }),
    line: z
      .int32()
      .min(1)
      .exactOptional()
      .meta({ description: "Counts from 1", examples: [12] }),
    column: z
      .int32()
      .min(1)
      .exactOptional()
      .meta({ description: "Counts from 1", examples: [7] }),
    lineText: z.string().exactOptional().meta({ description: "The line of source that `line` names" }),
    hint: z.string().exactOptional().meta({ description: "What to do about it" }),
  })
  .meta({ id: "Diagnostic", description: "Where something is wrong in what was sent" });

/** RFC 9457, with the extension members `code`, `diagnostics`, `problems`, `updatedAt` and `updatedBy`. */
export const problem = z
  .strictObject({
    type: z.string().meta({
      description:
        "The address of a page that explains the kind of problem, relative to the API; its last part is `code`",
      examples: ["/errors/workflow-not-found"],
    }),
    title: z.string().meta({ description: "The kind of problem in words" }),
    status: z.int32().meta({ description: "The status of the answer" }),
    detail: z.string().meta({ description: "What could not be done, and to what" }),
    instance: z.string().exactOptional().meta({
      description:
        "The path of the request; for failures of the server a `urn:uuid:` under which its log has the details",
    }),
    code: z.enum(Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]]).meta({
      description: "Stable name of the error",
    }),
    diagnostics: z.array(diagnostic).exactOptional().meta({
      description: "For sources that do not compile or load, and for bodies that are not JSON",
    }),
    updatedAt: timestamp.exactOptional().meta({ description: "For `draft-conflict`: when that was saved" }),
    updatedBy: z.string().exactOptional().meta({ description: "For `draft-conflict`: by whose API key" }),
    problems: z.array(z.string()).exactOptional().meta({ description: "For `not-ready`: what is not" }),
  })
  .meta({ id: "Problem", description: "An error (RFC 9457)" });

export type ProblemBody = z.input<typeof problem>;
