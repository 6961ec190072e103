import type { Command } from "commander";

/** Renders the reference of the command line as Markdown. */
export function renderCommandLine(program: Command): string {
  const commands = program.commands.flatMap((each) =>
    each.commands.length === 0 ? [{ path: each.name(), each }] : inner(each),
  );
  return [
    "<!-- Generated from the program by `npm run docs:reference`. -->",
    "",
    "# Command line",
    "",
    introduction,
    ...commands.flatMap(({ path, each }) => ["", ...renderCommand(path, each)]),
    "",
  ].join("\n");
}

const introduction = `\`npx duranium <command>\`, in a checkout of Duranium or in a project that \`duranium init\` has made. Every command
takes \`--help\`, which has examples; with \`--json\` it prints JSON on standard output, and errors as one line of
JSON, \`{"error": {"code", "detail", …}}\`, on standard error. Colours are used only on terminals, and \`NO_COLOR\`
disables them. Unprintable characters in the output of servers and workflows are escaped. \`--json\` and \`--url\` may
also precede the command.

The server URL and the API key come from \`--url\`, else from \`DURANIUM_URL\` and \`DURANIUM_API_KEY\`, else from
\`$XDG_CONFIG_HOME/duranium/login.json\`, which \`duranium login\` writes and only its user can read. A saved key is
only sent to the URL it was saved for. Keys and secrets are prompted for, or read from standard input. They are never
arguments, which other users of a machine can read.

| exit code | meaning                                                                |
| --------- | ---------------------------------------------------------------------- |
| 0         | success                                                                |
| 1         | error                                                                  |
| 2         | invalid usage                                                          |
| 3         | access denied: the API key is missing, unknown, or lacks a scope       |
| 4         | workflow, version, execution, webhook, secret or key not found         |
| 5         | server unreachable                                                     |
| 6         | the workflow does not compile, or its top level fails                  |
| 7         | the execution that the command waited for failed or was cancelled      |
| 8         | the execution did not end in the time of \`--wait\`; it is still running |
| 130       | interrupted by Ctrl-C; an execution that was started keeps running     |`;

function inner(parent: Command) {
  return parent.commands.map((each) => ({ path: `${parent.name()} ${each.name()}`, each }));
}

function renderCommand(path: string, each: Command): readonly string[] {
  const help = each.createHelp();
  const own = each.options.filter((option) => !["--json", "--url"].includes(option.long ?? ""));
  return [
    `## ${path}`,
    "",
    `${help.commandDescription(each)}.`,
    "",
    "```",
    `npx duranium ${path}${usageOf(each)}`,
    "```",
    ...list([
      ...each.registeredArguments.map((one) => [`<${one.name()}>`, help.argumentDescription(one)] as const),
      ...own.map((option) => [help.optionTerm(option), help.optionDescription(option)] as const),
    ]),
  ];
}

function usageOf(each: Command): string {
  const names = each.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`));
  return ["", ...names, "[options]"].join(" ");
}

function list(entries: readonly (readonly [term: string, description: string])[]): readonly string[] {
  const described = entries.filter(([, description]) => description !== "");
  if (described.length === 0) return [];
  return ["", ...described.map(([term, description]) => `- \`${term}\`: ${description}`)];
}
