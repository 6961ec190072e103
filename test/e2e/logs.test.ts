import { describeLogs } from "./logs.suite.ts";

describeLogs("undisturbed", {});
