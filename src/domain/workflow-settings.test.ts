import { expect, test } from "vitest";
import { defaultExecutionLimits } from "./execution-limits.ts";
import { assertSettingsWithin } from "./workflow-settings.ts";

const maxima = { maxLimits: defaultExecutionLimits, retentionHours: 720 };

test("settings above the operator's maxima are refused all at once, each with its position", () => {
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

test("a retention of the operator's maximum is accepted, and one more hour is rejected", () => {
  expect(() => assertSettingsWithin(maxima, {})).not.toThrow();
  expect(() => assertSettingsWithin(maxima, { retentionHours: 720 })).not.toThrow();
  expect(() => assertSettingsWithin(maxima, { retentionHours: 721 })).toThrow(
    "Setting retentionHours cannot be 721: this installation retains executions for 720 hours",
  );
});
