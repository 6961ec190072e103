import { z } from "zod";
import { entityTags } from "../entity-tag.ts";
import { pageParameters, timestamp, workflowIdParameter, workflowIdText } from "./common.ts";
import { sourceFiles } from "./deploy.ts";

const facts = {
  workflowId: workflowIdText,
  updatedAt: timestamp,
  updatedBy: z.string().meta({ description: "The name of the API key that saved it", examples: ["ci"] }),
};

export const draft = z
  .strictObject({ ...facts, ...sourceFiles })
  .meta({ id: "Draft", description: "What somebody writes and has not deployed" });

export type DraftBody = z.input<typeof draft>;

export const draftFacts = z
  .strictObject(facts)
  .meta({ id: "DraftFacts", description: "A draft without its files" });

export type DraftFactsBody = z.input<typeof draftFacts>;

export const draftsQuery = z.strictObject({
  workflow: workflowIdParameter
    .exactOptional()
    .meta({ description: "Only the draft of this workflow, if there is one" }),
  ...pageParameters,
});

export const draftConditions = z.object({
  "if-match": entityTags.exactOptional().meta({
    description: "The `ETag` of the draft that this one is written over; `*` for whichever is there",
    examples: ['"0193b5c2"'],
  }),
  "if-none-match": z
    .literal("*", "use * where there should be no draft yet")
    .exactOptional()
    .meta({ description: "`*` where there should be no draft yet" }),
});
