import { describeExamples } from "./examples.suite.ts";

describeExamples("undisturbed", {});
