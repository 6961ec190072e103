import { expect, test } from "vitest";
import { defaultExecutionLimits } from "./execution-limits.ts";
import { assertSettingsWithin } from "./workflow-settings.ts";

const maxima = { maxLimits: defaultExecutionLimits, retentionHours: 720 };

test("settings above what the operator allows are refused all at once, each with its place", () => {
  const { calls, logBytes } = defaultExecutionLimits;
  const settings = { retentionHours: 721, limits: { calls: calls + 1, logBytes: logBytes + 1, turnFuel: 1 } };
  expect(() => assertSettingsWithin(maxima, settings)).toThrow(
    expect.objectContaining({
      code: "invalid-request",
      fields: ["#/limits/calls", "#/limits/logBytes", "#/retentionHours"].map((pointer) =>
        expect.objectContaining({ pointer }),
      ),
    }),
  );
});

test("executions may be kept for as long as the operator keeps them, and an hour more is refused", () => {
  expect(() => assertSettingsWithin(maxima, {})).not.toThrow();
  expect(() => assertSettingsWithin(maxima, { retentionHours: 720 })).not.toThrow();
  expect(() => assertSettingsWithin(maxima, { retentionHours: 721 })).toThrow(
    "The setting retentionHours cannot be 721: this installation keeps executions for 720 hours",
  );
});
