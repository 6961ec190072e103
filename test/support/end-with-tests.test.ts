import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

test("what a test has started ends with the test's process, even when that is killed", async () => {
  const parent = spawn(process.execPath, ["--input-type=module", "-e", starting], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(parent.stdout, "data");
  parent.kill("SIGKILL");
  // The pipe closes when the last process that has inherited it has ended.
  await once(parent, "close");
  expect(parent.signalCode).toBe("SIGKILL");
});

test("a shared process is stopped in order when the test's process ends, and its folder is removed then", async () => {
  const folder = await mkdtemp(join(tmpdir(), "duranium-shared-"));
  const parent = spawn(process.execPath, ["--input-type=module", "-e", sharing, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  parent.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString("utf8")));
  await expect.poll(() => printed).toMatch(/ready[^]*guarded|guarded[^]*ready/);
  parent.kill("SIGKILL");
  await once(parent, "close");
  expect(parent.signalCode).toBe("SIGKILL");
  expect(printed).toContain("stopped");
  await expect.poll(() => existsSync(folder)).toBe(false);
});

/** A shell that says that it was asked to stop. */
const sharing = `
  import { spawn } from "node:child_process";
  import { once } from "node:events";
  import { endWithTests, stopAfterTests } from ${JSON.stringify(new URL("./end-with-tests.ts", import.meta.url))};
  const options = { stdio: ["ignore", "inherit", "inherit"] };
  const stopping = "trap 'echo stopped; exit' TERM; echo ready; while :; do sleep 0.1; done";
  stopAfterTests(endWithTests(spawn("sh", ["-c", stopping], options)), process.argv[1]);
  // The guard must have been told of it.
  console.log("guarded");
  setInterval(() => {}, 1_000);
`;

/** A server that outlives its parent, a process that has ended, and a shell with a background process. */
const starting = `
  import { spawn } from "node:child_process";
  import { once } from "node:events";
  import { endWithTests } from ${JSON.stringify(new URL("./end-with-tests.ts", import.meta.url))};
  const options = { stdio: ["ignore", "inherit", "inherit"] };
  await once(endWithTests(spawn("true", options)), "exit");
  endWithTests(spawn("sleep", ["100000"], options));
  endWithTests(spawn("sh", ["-c", "sleep 100000 & wait"], { ...options, detached: true }), "group");
  // Not by the shell: the guard must have been told of it.
  console.log("started");
  setInterval(() => {}, 1_000);
`;
