import { expect, test } from "vitest";
import { parseWorkflowId } from "../domain/ids.ts";
import { maxImageBytesPerWorkflow, maxVersionsPerWorkflow } from "./limits.ts";
import { assertCapacity } from "./workflows.ts";

const orders = parseWorkflowId("orders");

test.each([
  [{ versions: maxVersionsPerWorkflow, imageBytes: 0 }, "it has 5000 versions (maxVersionsPerWorkflow)"],
  [
    { versions: 1, imageBytes: maxImageBytesPerWorkflow },
    "the images of its versions take 8 GiB (maxImageBytesPerWorkflow)",
  ],
])("a workflow with %j rejects further versions and keeps existing ones", (usage, why) => {
  const message = expect.stringContaining(`Cannot deploy workflow "orders": ${why}`);
  expect(() => assertCapacity(orders, usage)).toThrow(
    expect.objectContaining({ code: "invalid-request", message }),
  );
});

test("a workflow accepts versions up to its quota", () => {
  const usage = { versions: maxVersionsPerWorkflow - 1, imageBytes: maxImageBytesPerWorkflow - 1 };
  expect(() => assertCapacity(orders, usage)).not.toThrow();
});
