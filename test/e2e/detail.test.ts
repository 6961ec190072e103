import { describeDetail } from "./detail.suite.ts";

describeDetail("undisturbed", {});
