import { describeRetry } from "./retry.suite.ts";

const environment = { RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s" };

describeRetry("replayed at every await", environment, { isReplayed: true });
