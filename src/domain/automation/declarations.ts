import type { FlowSettings } from "./flow-settings.ts";
import type { DeclaredSchedule } from "./schedule.ts";

/** What the source of a workflow exports for Duranium beside `run`. Read when the version is deployed. */
export interface Declarations {
  readonly schedules?: readonly DeclaredSchedule[];
  /** The flow control of the workflow. */
  readonly flow?: FlowSettings;
}
