#!/usr/bin/env node
// The command line. It is TypeScript, which Node runs from 24 on: an older one hands over to the Node that is
// installed beside Duranium's own dependencies. This file is what even that older one understands.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";

const program = new URL("../src/cli.ts", import.meta.url);
const ownNode = fileURLToPath(new URL("../node_modules/.bin/node", import.meta.url));

if (Number.parseInt(process.versions.node, 10) >= 24) {
  module.enableCompileCache();
  await import(program.href);
} else if (existsSync(ownNode)) handOver();
else
  fail(`Duranium needs Node 24 or newer, and this is ${process.version}: run \`npm install\` in its folder`);

function handOver() {
  const child = spawn(ownNode, [fileURLToPath(program), ...process.argv.slice(2)], { stdio: "inherit" });
  // The terminal tells both of Ctrl-C, and what comes of it is the other one's to say.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", (error) => fail(`Cannot start ${ownNode}: ${error.message}`));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
