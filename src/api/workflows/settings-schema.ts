import { z } from "zod";
import { flowSchema } from "../../declarations/flow-schema.ts";
import { hostRatesSchema } from "../../declarations/host-rates-schema.ts";
import type { LimitSettings } from "../../domain/execution-limits.ts";
import { hostPatternText } from "../contract/fields.ts";
import {
  credentialHeaders,
  maxRedactedHeaders,
  maxRedactedPointers,
} from "../../recordings/redaction-rules.ts";
import { maxCheckedRecordings, maxEgressHosts, minRetentionHours } from "../contract/limits.ts";
import { replayOutcome } from "../contract/replay-check.ts";

const method = z
  .string()
  .regex(/^[A-Z]{1,20}$/, {
    error: ({ input }) => `${JSON.stringify(input)} is no method: use up to 20 capital letters, such as GET`,
  })
  .meta({ examples: ["GET"] });

const egress = z
  .strictObject({
    allow: z
      .array(hostPatternText)
      .max(maxEgressHosts, `name ${maxEgressHosts} hosts at most`)
      .exactOptional()
      .meta({
        description:
          "The only hosts that the workflow may fetch from: `api.example.com`, `*.example.com`, `api.example.com:8443`. " +
          "HTTPS, unless prefixed with `http://`. An empty list allows none. By default all that the operator allows",
        examples: [["api.stripe.com", "*.example.com"]],
      }),
    methods: z
      .array(method)
      .min(1, "name one method at least, or leave the list out")
      .max(20, "name 20 methods at most")
      .exactOptional()
      .meta({ description: "By default all" }),
    rate: hostRatesSchema.exactOptional(),
  })
  .refine((given) => Object.keys(given).length > 0, "name allow, methods or rate");

const limit = (least: number, description: string) =>
  z.int().min(least, `use ${least} or more`).exactOptional().meta({ description });

const limits = z.strictObject({
  turnFuel: limit(1_000_000, "Fuel of one turn, and of the top level at a deploy"),
  executionFuel: limit(1_000_000, "Fuel of all turns together"),
  memoryMib: limit(16, "The memory, of which the engine itself takes some 10 MiB"),
  payloadBytes: limit(1, "The payload"),
  resultBytes: limit(1, "What the workflow returns"),
  stateValueBytes: limit(1, "A value that it writes to `ctx.state`, as JSON"),
  fetchRequestBytes: limit(0, "The body of a request that it sends"),
  fetchResponseBytes: limit(0, "The body of a response that it receives"),
  logLineBytes: limit(64, "One console line, as JSON. What is beyond is cut"),
  logBytes: limit(0, "All console lines that are kept"),
  callsInFlight: limit(1, "Host calls that wait for their answers"),
  calls: limit(1, "Host calls in all"),
  journalBytes: limit(1, "The payload, and what host calls ask and are answered"),
} satisfies Record<keyof LimitSettings, z.ZodType>);

const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$/, "use the name of a header, such as x-session")
  .meta({ examples: ["x-session"] });

const bodyPointer = z
  .string()
  .max(1_000, "a pointer has 1000 characters at most")
  .regex(/^(?:\/(?:[^~/]|~[01])*)+$/, "use a JSON Pointer, such as /customer/email or /items/*/card")
  .meta({ examples: ["/customer/email", "/items/*/card"] });

const recordings = z.strictObject({
  redact: z
    .strictObject({
      headers: z
        .array(headerName)
        .max(maxRedactedHeaders)
        .exactOptional()
        .meta({
          description: `Names of request and response headers. These are redacted always: ${credentialHeaders.join(", ")}`,
        }),
      body: z
        .array(bodyPointer)
        .max(maxRedactedPointers)
        .exactOptional()
        .meta({
          description:
            "JSON Pointers into payloads, bodies of requests and responses, events, callbacks, state values and results. `*` " +
            "stands for each element of a list, or each member of an object",
        }),
    })
    .exactOptional()
    .meta({
      description:
        "What is redacted in recordings and reports of replays before they leave the server. Texts that are redacted in one place are " +
        "redacted wherever else they occur",
    }),
});

const deploy = z.strictObject({
  requireReplayCheck: z
    .strictObject({
      last: z.int().min(1).max(maxCheckedRecordings).default(50).meta({
        description:
          "The number of executions that the check must have selected, the latest first, unless there are fewer",
      }),
      allow: z
        .array(replayOutcome)
        .max(replayOutcome.options.length)
        .exactOptional()
        .meta({
          description: "Outcomes that may occur beside `same`",
          examples: [["otherResult", "notComparable"]],
        }),
    })
    .exactOptional()
    .meta({
      description:
        "Set if a source can only be deployed after a replay check of it has passed, within a day. The first version needs none",
    }),
});

/** Settings of a workflow, independent of its version. */
export const settings = z
  .strictObject({
    egress: egress.exactOptional().meta({ description: "What its fetches may request, and how often" }),
    limits: limits.exactOptional().meta({
      description:
        "Limits of its executions, up to the maximum of the operator. Unset limits have their defaults",
      examples: [{ executionFuel: 1_000_000_000, memoryMib: 32 }],
    }),
    retentionHours: z
      .int()
      .min(minRetentionHours, `use ${minRetentionHours} or more`)
      .exactOptional()
      .meta({
        description:
          "Hours after its end when an execution is deleted with its input, result, steps and console lines. By default " +
          "the retention of the operator",
        examples: [72],
      }),
    flow: flowSchema.exactOptional().meta({
      description:
        "Flow control: how many executions run, and when they start. Each member replaces that of the export `flow` in the code",
      examples: [{ concurrency: { perKey: 3, key: "/customer/id" } }],
    }),
    recordings: recordings.exactOptional().meta({ description: "Recordings of its executions" }),
    deploy: deploy.exactOptional().meta({ description: "What a deploy requires" }),
    traceparent: z
      .boolean()
      .exactOptional()
      .meta({
        description:
          "True if fetches of executions that start from now on send a `traceparent` header, with which servers continue " +
          "the trace of the execution. Defaults to false",
      }),
  })
  .meta({ id: "WorkflowSettings" });
