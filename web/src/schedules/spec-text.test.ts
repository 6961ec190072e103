import { expect, test } from "vitest";
import { specText } from "./spec-text.ts";

test.each([
  [{ cron: ["0 9 * * 1-5"] }, "At 09:00, Monday through Friday"],
  [{ cron: ["@daily"] }, "At 00:00"],
  [{ cron: ["30 2 L * *"] }, "At 02:30, on the last day of the month"],
  [{ cron: ["0 9 * * 1#1", "not cron"] }, "At 09:00, on the first Monday of the month; not cron"],
  [{ every: "PT5M", offset: "30s" }, "Every 5 minutes, offset by 30 seconds"],
  [{ every: "1h" }, "Every hour"],
  [{ at: ["2027-01-01T00:00:00Z"] }, "Once"],
])("the specification %j reads %j", (spec, text) => {
  expect(specText(spec)).toBe(text);
});
