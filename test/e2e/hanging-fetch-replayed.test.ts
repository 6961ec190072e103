import { describeHangingFetch } from "./hanging-fetch.suite.ts";

describeHangingFetch("replayed at every await", { RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s" });
