import { z } from "zod";
import { type ErrorCode, errorCatalogue } from "../../domain/errors.ts";
import { diagnostic, timestamp } from "../contract/fields.ts";
import { maxFieldErrors } from "../contract/limits.ts";

const fieldError = z
  .strictObject({
    detail: z.string().meta({ description: "The rule that is violated" }),
    pointer: z
      .string()
      .exactOptional()
      .meta({
        description:
          "Position in the body: a JSON pointer (RFC 6901) as the fragment of a URI; `#` is the whole body",
        examples: ["#/egress/allow/0"],
      }),
    parameter: z.string().exactOptional().meta({ description: "Name of the query or path parameter" }),
    header: z.string().exactOptional().meta({ description: "Name of the header" }),
  })
  .meta({ id: "FieldError", description: "A rule that a part of the request violates" });

/** RFC 9457, with the extension members `code`, `errors`, `diagnostics`, `problems`, `updatedAt` and `updatedBy`. */
export const problem = z
  .strictObject({
    type: z.string().meta({
      description: "URL of a page that explains the error, relative to the API; its last segment is `code`",
      examples: ["/errors/workflow-not-found"],
    }),
    title: z.string().meta({ description: "Title of the error" }),
    status: z.int32().meta({ description: "Status of the response" }),
    detail: z.string().meta({ description: "What could not be done, to what, and why" }),
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
        description: `For malformed requests: the violated rules and their positions; the first ${maxFieldErrors}`,
      }),
    diagnostics: z.array(diagnostic).exactOptional().meta({
      description:
        "For sources that do not compile or evaluate, and for JSON bodies whose syntax error has a position",
    }),
    updatedAt: timestamp
      .exactOptional()
      .meta({ description: "For `draft-conflict`: when the other draft was saved" }),
    updatedBy: z
      .string()
      .exactOptional()
      .meta({ description: "For `draft-conflict`: the API key that saved the other draft" }),
    problems: z
      .array(z.string())
      .exactOptional()
      .meta({ description: "For `not-ready`: the failing checks" }),
  })
  .meta({ id: "Problem", description: "An error (RFC 9457)" });

export type ProblemBody = z.input<typeof problem>;
