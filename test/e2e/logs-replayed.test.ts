import { describeLogs } from "./logs.suite.ts";

describeLogs("replayed at every await", { RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s" });
