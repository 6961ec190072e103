import { z } from "zod";
import { isExecutionTag, maxExecutionTags } from "../../domain/limits.ts";
import { tagEntry } from "../../journal/entry-names.ts";
import { decodeOutcome, encodeOutcome } from "./journaled-outcome.ts";
import { defineOperation } from "./operation.ts";
import type { Operation } from "./operation.ts";

/**
 * `ctx.tag`. Arguments: `{tags}`, which the workflow has not set before. Value: `null`. The name of the entry has the tags, and
 * lists of executions search for it (`read-model/lists/execution-search.ts`).
 */
export const tagOperation: Operation = defineOperation({
  name: "tag",
  isEffect: true,
  arguments: z.strictObject({
    tags: z.array(z.string().refine(isExecutionTag)).min(1).max(maxExecutionTags),
  }),
  start: (journal, { arguments: { tags }, now }) =>
    journal.run(tagEntry(tags), async () => encodeOutcome({ ok: true, now, value: null })).map(decodeOutcome),
});
