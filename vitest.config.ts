import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    globalSetup: ["test/support/build-engine.ts"],
    // Real servers, real binaries and real builds, on machines that are slow and shared.
    testTimeout: 60_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    reporters: ["default", ["json", { outputFile: "node_modules/.cache/duranium-test/report.json" }]],
  },
});
