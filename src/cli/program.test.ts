import { expect, test } from "vitest";
import { openTerminal } from "./output/terminal.ts";
import { runProgram } from "./program.ts";

/** A port that refuses connections: the error names the URL that was used. */
const address = "http://127.0.0.1:9";

test.each([
  [["--url", address, "--json", "workflows", "list"]],
  [["workflows", "--url", address, "--json", "list"]],
  [["workflows", "list", "--url", address, "--json"]],
  [["--url", "http://127.0.0.1:19", "workflows", "--json", "list", "--url", address]],
])("%j uses the last --url", async (args) => {
  const printed: string[] = [];
  const terminal = { ...openTerminal({ NO_COLOR: "1" }), note: (line: string) => void printed.push(line) };
  const environment = { DURANIUM_API_KEY: "dur_0123456789abcdef0123456789", XDG_CONFIG_HOME: "/nonexistent" };
  const signal = new AbortController().signal;
  await runProgram(args, { terminal, environment, folder: ".", interrupted: () => signal });
  expect(JSON.parse(printed.at(-1) ?? "")).toMatchObject({ error: { code: "unreachable" } });
  expect(printed.at(-1)).toContain(address);
});
