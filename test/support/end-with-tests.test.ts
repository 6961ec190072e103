import { spawn } from "node:child_process";
import { once } from "node:events";
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
