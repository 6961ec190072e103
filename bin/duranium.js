#!/usr/bin/env node
// The command line. It is TypeScript, which Node runs from 24 on: an older one hands over to the Node that is
// installed beside Duranium's own dependencies. This file is what even that older one understands.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const program = new URL("../src/cli.ts", import.meta.url);
const isRecent = Number.parseInt(process.versions.node, 10) >= 24;
// Installed as a package, Duranium is below `node_modules`, where Node takes no types away.
const isPackage = fileURLToPath(program).includes("/node_modules/");

const node = isRecent ? process.execPath : findNode();
// npx starts this in a shell, and that ends without passing on the signal by which npx was asked to stop.
if (process.env.npm_command === "exec") endWithParent(process.ppid);

if (node === undefined) {
  process.stderr.write(
    `Duranium needs Node 24 or newer, and this is ${process.version}: run \`npm install\` in its folder\n`,
  );
  process.exitCode = 1;
} else if (isRecent && !isPackage) {
  module.enableCompileCache();
  await import(program.href);
} else handOver(node);

/** The pinned Node, from the package of this platform: beside Duranium, or above it where npm has put it there. */
function findNode() {
  const names = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`];
  const require = createRequire(import.meta.url);
  for (const name of names) {
    for (const folder of require.resolve.paths(name) ?? []) {
      const path = join(folder, name, "bin/node");
      if (existsSync(path)) return path;
    }
  }
  return undefined;
}

function endWithParent(parent) {
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, "SIGTERM");
  }, 500);
  watch.unref();
}

function handOver(path) {
  const options = isPackage
    ? ["--disable-warning=ExperimentalWarning", "--import", pathToFileURL(stripTypes()).href]
    : [];
  const child = spawn(path, [...options, fileURLToPath(program), ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  // The terminal sends Ctrl-C to both, and the other one answers it.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", (error) => {
    process.stderr.write(`Cannot start ${path}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function stripTypes() {
  return join(dirname(fileURLToPath(import.meta.url)), "strip-types.js");
}
