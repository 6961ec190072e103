import { expect, test } from "vitest";
import { parseWorkflowId } from "../../domain/ids.ts";
import type { ReplayOutcome } from "../../domain/outcome.ts";
import type { ReplayCheckRequirement } from "../../domain/workflow-settings.ts";
import { summaryOf } from "../../replay/check-state.ts";
import { sourceDigestOf } from "../../stores/source-digest.ts";
import { assertReplayChecked } from "./required-check.ts";

const workflowId = parseWorkflowId("purchase");
const source = { entry: "workflow.ts", files: { "workflow.ts": "export const run = () => 1;" } };

function countsOf(outcomes: readonly ReplayOutcome[]) {
  return summaryOf(outcomes.map((outcome) => ({ outcome })));
}

/** Whether a source may be deployed after a check that found these outcomes. */
function deployedAfter(
  outcomes: readonly ReplayOutcome[],
  fixed: readonly ReplayOutcome[],
  allow: ReplayCheckRequirement["allow"] = [],
) {
  const check = {
    workflowId,
    status: "completed",
    requestedBy: "ci",
    sourceDigest: sourceDigestOf(source),
    latest: 5,
    createdAt: 1,
    done: outcomes.length,
    summary: countsOf(outcomes),
    fixed: countsOf(fixed),
  };
  const rows = [{ service_key: "chk_1", value_utf8: JSON.stringify(check) }];
  const settings = { get: async () => ({ deploy: { requireReplayCheck: { last: 5, allow } } }) };
  return assertReplayChecked({ restate: { query: async () => rows }, settings }, { workflowId, source });
}

test("executions that failed and no longer do are no objection to a deploy, others are", async () => {
  await deployedAfter(["same", "asksForMore", "otherResult"], ["asksForMore", "otherResult"]);
  await expect(deployedAfter(["asksForMore", "asksForMore"], ["asksForMore"])).rejects.toThrow(
    "found 1 asksForMore",
  );
  await deployedAfter(["asksForMore", "throws"], [], ["asksForMore", "throws"]);
  await expect(deployedAfter(["throws"], [], ["asksForMore"])).rejects.toThrow(
    "found 1 throws, and only asksForMore may occur",
  );
});
