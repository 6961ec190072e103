import { z } from "zod";
import { pageParameters, timestamp, workflowIdParameter, workflowId } from "../contract/fields.ts";
import { entityTags } from "../http/entity-tag.ts";
import { sourceFiles } from "./deploy-schema.ts";

const facts = {
  workflowId,
  updatedAt: timestamp,
  updatedBy: z.string().meta({ description: "The name of the API key that saved it", examples: ["ci"] }),
};

export const draft = z
  .strictObject({ ...facts, ...sourceFiles })
  .meta({ id: "Draft", description: "Source of a workflow that is not deployed" });

export const draftFacts = z
  .strictObject(facts)
  .meta({ id: "DraftFacts", description: "A draft without its files" });

export const draftsQuery = z.strictObject({
  workflow: workflowIdParameter
    .exactOptional()
    .meta({ description: "Only the draft of this workflow, if there is one" }),
  ...pageParameters,
});

export const draftConditions = z.object({
  "if-match": entityTags.exactOptional().meta({
    description: "The `ETag` of the draft that this one replaces; `*` for any draft",
    examples: ['"0193b5c2"'],
  }),
  "if-none-match": z
    .literal("*", "use * if no draft should exist yet")
    .exactOptional()
    .meta({ description: "`*` if no draft should exist yet" }),
});
