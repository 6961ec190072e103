import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const endWithParent = fileURLToPath(new URL("./end-with-parent.mjs", import.meta.url));

test("a server that a test has started ends with the test's process, even when that is killed", async () => {
  const parent = spawn(process.execPath, ["-e", startingServer], { stdio: ["ignore", "pipe", "inherit"] });
  await once(parent.stdout, "data");
  parent.kill("SIGKILL");
  // The pipe closes when the last process that holds it has ended: the server inherited it.
  await once(parent, "close");
  expect(parent.signalCode).toBe("SIGKILL");
});

const server = 'setInterval(() => {}, 1_000); process.stdout.write("started");';
const startingServer = `
  require("node:child_process").spawn(
    process.execPath,
    ["--import", ${JSON.stringify(endWithParent)}, "-e", ${JSON.stringify(server)}],
    { stdio: "inherit", env: { TEST_PROCESS: String(process.pid) } },
  );
`;
