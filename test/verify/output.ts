/** Lines that a process prints when all is well, whatever was killed around it. */
const expected: readonly RegExp[] = [
  /^\s*$/,
  /^API {9}http:/,
  /^Restate UI {2}http:/,
  /^ready: /,
  /^stopping$/,
  /^root key /,
  /^duranium: the Restate server ended by itself/,
  // Requests, and attempts, that the killed server was to answer.
  /^error urn:uuid:\S+: restate-unavailable: /,
  /^restate error Workflow\/\S+ inv_\w+: Got abort error from connection: /,
  // What a workflow says on its console.
  /^inv_\w+ info: at /,
];

/** What a process printed that nobody expects: warnings, stacks, unhandled rejections. Each kind once. */
export function unexpectedLines(output: string): string[] {
  const kinds = new Map<string, { line: string; times: number }>();
  for (const line of output.split("\n")) {
    if (expected.some((pattern) => pattern.test(line))) continue;
    const kind = line.replaceAll(/inv_\w+|\d+/g, "…");
    kinds.set(kind, { line, times: (kinds.get(kind)?.times ?? 0) + 1 });
  }
  return [...kinds.values()].map(({ line, times }) => `${times} × ${line}`);
}
