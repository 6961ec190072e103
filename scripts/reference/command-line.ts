import type { Command } from "commander";

/** The reference of the command line, as Markdown, of the program that it is. */
export function renderCommandLine(program: Command): string {
  const commands = program.commands.flatMap((each) =>
    each.commands.length === 0 ? [{ path: each.name(), each }] : inner(each),
  );
  return [
    "<!-- Made of the program by `npm run docs:reference`. -->",
    "",
    "# Command line",
    "",
    introduction,
    ...commands.flatMap(({ path, each }) => ["", ...renderCommand(path, each)]),
    "",
  ].join("\n");
}

const introduction = `\`npx duranium <command>\`, in a checkout of Duranium or in a project that \`duranium init\` has made. Every command
takes \`--help\`, which has examples; with \`--json\` it prints JSON on standard output, and what went wrong as one line of JSON,
\`{"error": {"code", "detail", …}}\`, on standard error. Colours are for terminals only, and \`NO_COLOR\` switches them off.
What a server or a workflow has said is escaped where it is not printable. \`--json\` and \`--url\` may stand before the command too.

Which installation is meant, and with which key: \`--url\`, or else \`DURANIUM_URL\` and \`DURANIUM_API_KEY\`, or else what
\`duranium login\` has kept in \`$XDG_CONFIG_HOME/duranium/login.json\`, readable by its user alone. A kept key goes to the
address that it was kept for, and to no other. Keys and secrets are asked for, or read from standard input, and never
arguments, which others on a machine can read.

| exit code | meaning                                                                        |
| --------- | ------------------------------------------------------------------------------ |
| 0         | done                                                                           |
| 1         | it failed                                                                      |
| 2         | the command was not written as it must be                                      |
| 3         | there is no key, it is not known, or it may not do this                        |
| 4         | there is no such workflow, execution, key…                                     |
| 5         | nobody answers at the address                                                  |
| 6         | the workflow does not compile or load                                          |
| 7         | the execution that was waited for has failed, or was cancelled                 |
| 8         | the execution has not ended in the time that \`--wait\` gave it; it goes on      |
| 130       | interrupted by Ctrl-C; an execution that was begun goes on                     |`;

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
