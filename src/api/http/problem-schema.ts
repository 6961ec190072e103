import { z } from "zod";
import { type ErrorCode, errorCatalogue } from "../../domain/errors.ts";
import { maxFieldErrors } from "../../domain/limits.ts";
import { timestamp } from "./common-schema.ts";

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

const fieldError = z
  .strictObject({
    detail: z.string().meta({ description: "Which rule is broken" }),
    pointer: z
      .string()
      .exactOptional()
      .meta({
        description:
          "Where in the body: a JSON pointer (RFC 6901) as the fragment of a URI; `#` is all of it",
        examples: ["#/egress/allow/0"],
      }),
    parameter: z.string().exactOptional().meta({ description: "Which parameter of the query or the path" }),
    header: z.string().exactOptional().meta({ description: "Which header" }),
  })
  .meta({ id: "FieldError", description: "One rule that a part of the request breaks" });

/** RFC 9457, with the extension members `code`, `errors`, `diagnostics`, `problems`, `updatedAt` and `updatedBy`. */
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
    errors: z
      .array(fieldError)
      .max(maxFieldErrors)
      .exactOptional()
      .meta({
        description: `For requests that do not have the expected form: each rule that is broken, and where; the first ${maxFieldErrors}`,
      }),
    diagnostics: z.array(diagnostic).exactOptional().meta({
      description:
        "For sources that do not compile or evaluate, and for JSON bodies whose syntax error has a position",
    }),
    updatedAt: timestamp.exactOptional().meta({ description: "For `draft-conflict`: when that was saved" }),
    updatedBy: z.string().exactOptional().meta({ description: "For `draft-conflict`: by whose API key" }),
    problems: z.array(z.string()).exactOptional().meta({ description: "For `not-ready`: what is not" }),
  })
  .meta({ id: "Problem", description: "An error (RFC 9457)" });

export type ProblemBody = z.input<typeof problem>;
