import { durationText } from "../../time/iso-duration.ts";
import type { Condition } from "../alert.ts";

export const conditionLabels: Readonly<Record<Condition["kind"], string>> = {
  "first-failure": "An execution fails",
  "failures-in-a-row": "Several executions fail in a row",
  "failure-rate": "The failure rate is high",
  recovered: "A workflow succeeds again after a failure",
  "running-longer": "An execution runs too long",
  "waiting-longer": "An execution waits too long",
  paused: "An execution is paused by the server",
  "schedule-missed": "A schedule missed a run",
  "not-deterministic": "A replay on its own version differs",
};

/** When a rule reports, in words. */
export function conditionText(on: Condition): string {
  switch (on.kind) {
    case "failures-in-a-row":
      return `${on.count} executions fail in a row`;
    case "failure-rate":
      return `${on.percent} % or more fail within ${durationText(on.window)}`;
    case "running-longer":
      return `An execution runs longer than ${durationText(on.than)}`;
    case "waiting-longer":
      return `An execution waits longer than ${durationText(on.than)}`;
    default:
      return conditionLabels[on.kind];
  }
}
