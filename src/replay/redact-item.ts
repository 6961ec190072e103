import type { Recording } from "../recordings/recording.ts";
import { redactCall, redactedTexts } from "../recordings/redaction/redact-recording.ts";
import { createRedactor } from "../recordings/redaction/redactor.ts";
import type { Redactor } from "../recordings/redaction/redactor.ts";
import { appliedRules } from "../recordings/redaction-rules.ts";
import type { RedactionRules } from "../recordings/redaction-rules.ts";
import { withoutTexts } from "../recordings/redaction/without-texts.ts";
import type { JsonDifference } from "./json-difference.ts";
import type { ReplayedCall, ReplayItem } from "./replay-item.ts";

/** Redacts an item of a report, which leaves the server, by the rules of the workflow. */
export function redactItem(item: ReplayItem, recording: Recording, rules: RedactionRules): ReplayItem {
  const redactor = createRedactor(appliedRules(rules));
  const redacted = redactParts(item, redactor);
  return withoutTexts(redacted, [...new Set([...redactedTexts(recording, rules), ...redactor.found])]);
}

export function redactParts(item: ReplayItem, redactor: Redactor): ReplayItem {
  const { expected, actual, differences } = item;
  return {
    ...item,
    ...(expected === undefined ? {} : { expected: redactCall<ReplayedCall>(expected, redactor) }),
    ...(actual === undefined ? {} : { actual: redactCall<ReplayedCall>(actual, redactor) }),
    ...(differences === undefined
      ? {}
      : { differences: differences.map((each) => redactDifference(each, redactor)) }),
  };
}

function redactDifference({ path, before, after }: JsonDifference, redactor: Redactor): JsonDifference {
  return {
    path,
    ...(before === undefined ? {} : { before: redactor.bodyAt(path, before) }),
    ...(after === undefined ? {} : { after: redactor.bodyAt(path, after) }),
  };
}
