import { describeOperating } from "./operating.suite.ts";

describeOperating("undisturbed", {});
