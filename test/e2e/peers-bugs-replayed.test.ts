import { describePeersBugs } from "./peers-bugs.suite.ts";

describePeersBugs("replayed at every await", { RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s" });
