import { describe, expect, test } from "vitest";
import { isDigest } from "../../base/digest.ts";
import { memoryCeilingPages } from "../../domain/limits.ts";
import { minChargedRun } from "../instrumentation/fuel-cost.ts";
import { readEngineInputs, toolchainVersions } from "./engine-inputs.ts";
import { bundleBuilder, bundleGuest } from "./sources.ts";

describe("the digest of the engine", () => {
  test("the digest of the engine is deterministic", async () => {
    const { digest } = await readEngineInputs();
    expect(isDigest(digest)).toBe(true);
    expect((await readEngineInputs()).digest).toBe(digest);
  });

  test("the digest covers the guest runtime without its comments", async () => {
    const { text: bundle } = await bundleGuest();
    expect(bundle).toContain("duranium:runtime/host@0.1.0");
    expect(bundle).not.toContain("The guest runtime: what runs inside the sandbox");
  });

  test("the digest covers the builder with its limits and costs", async () => {
    const { text: builder } = await bundleBuilder();
    expect(builder).toMatch(
      new RegExp(`memoryCeilingPages = (${memoryCeilingPages}|${memoryCeilingPages.toExponential()})`),
    );
    expect(builder).toContain(`minChargedRun = ${minChargedRun}`);
    expect(builder).toContain("clock_time_get");
    expect(builder).not.toContain("createEngineStore");
  });

  test("the digest covers the exact versions of the toolchain", async () => {
    for (const version of Object.values(await toolchainVersions()))
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
