import { describeDetail } from "./detail.suite.ts";

describeDetail("replayed at every await", { RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s" });
