import { describeExamples } from "./examples.suite.ts";

describeExamples("replayed at every await", { RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s" });
