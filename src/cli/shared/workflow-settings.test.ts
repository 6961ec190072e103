import { describe, expect, it } from "vitest";
import { changeSettings, settingRows } from "./workflow-settings.ts";

const before = {
  egress: { allow: ["a.example"], methods: ["GET"] },
  limits: { memoryMib: 32, calls: 10 },
  retentionHours: 24,
};

describe("a change of settings", () => {
  it("leaves what it does not name", () => {
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

  it("takes away a setting, or a part of one, before it sets others", () => {
    expect(changeSettings(before, { unset: ["egress", "limits.calls", "retentionHours"] })).toEqual({
      limits: { memoryMib: 32 },
    });
    expect(changeSettings(before, { unset: ["limits"], limit: ["calls=5"] }).limits).toEqual({ calls: 5 });
  });

  it("takes away what is not set, and nothing with it", () => {
    expect(changeSettings({}, { unset: ["egress.methods", "limits.calls", "retentionHours"] })).toEqual({});
  });

  it.each([
    [{ unset: ["retention-hours"] }, "can be unset"],
    [{ unset: ["limits."] }, "can be unset"],
    [{ limit: ["calls"] }, "is no limit"],
    [{ limit: ["calls=many"] }, "is no limit"],
  ])("that is written as %j is refused", (change, message) => {
    expect(() => changeSettings(before, change)).toThrow(message);
  });
});

describe("settings for people", () => {
  it("have the names by which they are unset", () => {
    expect(settingRows({ ...before, egress: { allow: [] } })).toEqual([
      ["egress.allow", "nothing"],
      ["limits.memoryMib", "32"],
      ["limits.calls", "10"],
      ["retentionHours", "24"],
    ]);
  });
});
