import { tracingVariables } from "../../src/config/tracing.ts";
import { variables } from "../../src/config/variables.ts";
import type { Variable } from "../../src/config/variables.ts";

/** Renders the reference of the environment variables as Markdown, from the table that validates them. */
export function renderConfiguration(): string {
  const groups = Map.groupBy(Object.entries<Variable>(variables), ([, { group }]) => group);
  return [
    "<!-- Generated from src/config/variables.ts by `npm run docs:reference`. -->",
    "",
    introduction,
    ...[...groups].flatMap(([group, members]) => ["", `### ${group}`, "", ...renderGroup(group, members)]),
    "",
    ending,
    "",
  ].join("\n");
}

function renderGroup(group: string, members: readonly (readonly [name: string, variable: Variable])[]) {
  const note = notes[group];
  return [
    ...(note === undefined ? [] : [note, ""]),
    "| variable | default | meaning |",
    "| --- | --- | --- |",
    ...members.map(
      ([name, variable]) => `| \`${name}\` | ${defaultOf(name, variable)} | ${variable.description} |`,
    ),
  ];
}

function defaultOf(name: string, { schema, default: shown }: Variable): string {
  if (shown !== undefined) return shown;
  const value = schema.parse(undefined);
  if (typeof value !== "string" && typeof value !== "number") throw new Error(`${name} needs a default text`);
  return `\`${value}\``;
}

const otherTracingVariables = Object.keys(tracingVariables)
  .filter((name) => !(name in variables))
  .map((name) => `\`${name}\``);

const notes: Readonly<Record<string, string>> = {
  Restate: `Any other \`RESTATE_…\` variable is passed to the embedded Restate server and overrides
[restate.toml](../../restate.toml).`,
  "Limits of executions": `The maximum that a workflow's settings may allow for each [limit](limits.md#limits), and its default.`,
  "Logs and traces": `The other trace [variables of OpenTelemetry](../operating/monitoring.md#traces) apply as its specification says:
${otherTracingVariables.join(", ")}.`,
};

const introduction = `# Configuration

For operators. Duranium reads its configuration from environment variables once, at start-up, and checks all of it before
anything else happens. An unknown \`DURANIUM_…\` variable is refused. Two installations on one machine need different ports
and data directories.

## The variables`;

const ending = `## Running the executor on its own

An executor that runs apart from the API can be confined by Node's permission model: it can write to its data directory
only ([security](../operating/security.md#the-executor)). It takes the same variables and needs a Restate server that runs apart as
well (\`RESTATE_INGRESS_URL\`, \`RESTATE_ADMIN_URL\`):

\`\`\`sh
npm run start:executor
\`\`\`

[docker-compose.yml](../../docker-compose.yml) runs Restate, the API and the executor in containers of their own:

\`\`\`sh
DURANIUM_ROOT_KEY=$(openssl rand -hex 24) docker compose up --build --wait
\`\`\``;
