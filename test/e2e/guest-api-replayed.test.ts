import { describeGuestApi } from "./guest-api.suite.ts";

describeGuestApi("replayed at every await", { RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s" });
