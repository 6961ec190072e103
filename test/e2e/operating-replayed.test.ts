import { describeOperating } from "./operating.suite.ts";

describeOperating("replayed at every await", { RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s" });
