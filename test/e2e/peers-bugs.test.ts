import { describePeersBugs } from "./peers-bugs.suite.ts";

describePeersBugs("undisturbed", {});
