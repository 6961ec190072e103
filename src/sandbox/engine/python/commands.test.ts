import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "./commands.ts";
import type { CommandOptions } from "./commands.ts";
import { readPinnedPackages } from "./debian-packages.ts";

let folder: string;
let options: CommandOptions;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "duranium-commands-"));
  options = { cwd: folder, env: { PATH: "/usr/bin:/bin", ONLY: "this" }, logFile: join(folder, "build.log") };
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

test("a command that fails is described by its code and the end of its output", async () => {
  const command = ["sh", "-c", "for i in $(seq 30); do echo line $i; done; exit 3"];
  await expect(runCommand(command, options)).rejects.toThrow(
    /^sh ended with code 3\. The end of its output \(.*build\.log\):\nline 16\n(.*\n)+line 30$/,
  );
});

test("a command that does not exist is named", async () => {
  await expect(runCommand(["no-such-program"], options)).rejects.toThrow(
    /^no-such-program could not be started \(.*ENOENT/,
  );
});

test("a command sees the environment of the build alone", async () => {
  const logFile = join(folder, "environment.log");
  await runCommand(["env"], { ...options, logFile });
  const [, ...lines] = (await readFile(logFile, "utf8")).trimEnd().split("\n");
  expect(lines.toSorted()).toEqual(["ONLY=this", "PATH=/usr/bin:/bin"]);
});

test("a command and what it started end when the build is aborted", async () => {
  const logFile = join(folder, "aborted.log");
  const abort = new AbortController();
  const running = runCommand(["sh", "-c", "sleep 1000 & echo $!; wait"], {
    ...options,
    logFile,
    signal: abort.signal,
  });
  let started: number | undefined;
  while (started === undefined) {
    const [, line] = (await readFile(logFile, "utf8").catch(() => "")).split("\n");
    started = line === undefined || line === "" ? undefined : Number(line);
    await new Promise((resolve) => void setTimeout(resolve, 5));
  }
  abort.abort(new Error("The build was interrupted"));
  await expect(running).rejects.toThrow("The build was interrupted");
  // A process that has ended and was not waited for is still there as a zombie.
  const state = async () => await readFile(`/proc/${started}/stat`, "utf8").catch(() => "ended Z");
  await expect.poll(state).toMatch(/ Z/);
});

test("every package is pinned for each architecture", async () => {
  const { binaries, sources } = await readPinnedPackages();
  const [names, ...others] = Object.values(binaries).map((packages) => Object.keys(packages).toSorted());
  expect(names).toContain("clang-19");
  for (const other of others) expect(other).toEqual(names);
  const digests = Object.values(binaries).flatMap((packages) =>
    Object.values(packages).map(({ sha256 }) => sha256),
  );
  const files = Object.values(sources).flatMap((source) => Object.values(source.files));
  for (const digest of [...digests, ...files]) expect(digest).toMatch(/^[0-9a-f]{64}$/);
});
