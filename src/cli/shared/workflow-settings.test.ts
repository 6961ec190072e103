import { describe, expect, test } from "vitest";
import { changeSettings, settingRows } from "./workflow-settings.ts";

const before = {
  egress: { allow: ["a.example"], methods: ["GET"] },
  limits: { memoryMib: 32, calls: 10 },
  retentionHours: 24,
};

describe("changing settings", () => {
  test("settings that are not named stay unchanged", () => {
    expect(changeSettings(before, {})).toEqual(before);
    expect(changeSettings(before, { allow: ["b.example"] })).toEqual({
      ...before,
      egress: { allow: ["b.example"], methods: ["GET"] },
    });
    expect(changeSettings(before, { limit: ["calls=5", "logBytes=0"] })).toEqual({
      ...before,
      limits: { memoryMib: 32, calls: 5, logBytes: 0 },
    });
  });

  test("a setting or a part of one is removed before others are set", () => {
    expect(changeSettings(before, { unset: ["egress", "limits.calls", "retentionHours"] })).toEqual({
      limits: { memoryMib: 32 },
    });
    expect(changeSettings(before, { unset: ["limits"], limit: ["calls=5"] }).limits).toEqual({ calls: 5 });
  });

  test("removing an unset setting changes nothing", () => {
    expect(changeSettings({}, { unset: ["egress.methods", "limits.calls", "retentionHours"] })).toEqual({});
  });

  test("rules of redaction and the required check are changed one by one", () => {
    const one = changeSettings({}, { redactHeader: ["x-session"], requireReplayCheck: 20 });
    expect(changeSettings(one, { redactBody: ["/items/*/card"] })).toEqual({
      recordings: { redact: { headers: ["x-session"], body: ["/items/*/card"] } },
      deploy: { requireReplayCheck: { last: 20 } },
    });
    expect(changeSettings(one, { unset: ["recordings.redact.headers", "deploy"] })).toEqual({
      recordings: { redact: {} },
    });
  });

  test("a rate of a host is added to the others", () => {
    const one = changeSettings(before, { rate: ["api.example.com=10/1s,burst=5,concurrency=2"] });
    expect(changeSettings(one, { rate: ["b.example=concurrency=1"] }).egress).toEqual({
      ...before.egress,
      rate: {
        "api.example.com": { limit: 10, period: "1s", burst: 5, concurrency: 2 },
        "b.example": { concurrency: 1 },
      },
    });
    expect(changeSettings(one, { unset: ["egress.rate"] })).toEqual(before);
  });

  test.each([
    [{ rate: ["10/1s"] }, "Unknown rate"],
    [{ rate: ["a.example=often"] }, "Unknown rate"],
    [{ unset: ["retention-hours"] }, "Unknown setting"],
    [{ unset: ["limits."] }, "Unknown setting"],
    [{ limit: ["calls"] }, "Unknown limit"],
    [{ limit: ["calls=many"] }, "Unknown limit"],
  ])("the invalid change %j is rejected", (change, message) => {
    expect(() => changeSettings(before, change)).toThrow(message);
  });
});

describe("settings as text", () => {
  test("each row has the name that --unset takes", () => {
    expect(settingRows({ ...before, egress: { allow: [] } })).toEqual([
      ["egress.allow", "nothing"],
      ["limits.memoryMib", "32"],
      ["limits.calls", "10"],
      ["retentionHours", "24"],
    ]);
  });
});
