import { describeDurability } from "./durability.suite.ts";

describeDurability("replayed at every await", { RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s" });
