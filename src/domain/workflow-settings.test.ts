import { expect, test } from "vitest";
import { requireRetentionWithin } from "./workflow-settings.ts";

test("executions may be kept for as long as the operator keeps them, and an hour more is refused", () => {
  expect(() => requireRetentionWithin(720, {})).not.toThrow();
  expect(() => requireRetentionWithin(720, { retentionHours: 720 })).not.toThrow();
  expect(() => requireRetentionWithin(720, { retentionHours: 721 })).toThrow(
    "The setting retentionHours cannot be 721: this installation keeps executions for 720 hours",
  );
});
