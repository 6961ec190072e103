import { describeDurability } from "./durability.suite.ts";

describeDurability("undisturbed", {});
