import { describeRetry } from "./retry.suite.ts";

describeRetry("undisturbed", {}, { isReplayed: false });
