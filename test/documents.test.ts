import { glob, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { findBrokenLinks } from "../scripts/check-links.ts";
import { protocolVersion } from "../src/sandbox/engine/protocol-version.ts";
import { freePorts } from "./support/free-ports.ts";
import { startInstance } from "./support/instance.ts";
import { fencedBlocks, section, temporaryFolder, typeErrors } from "./support/markdown.ts";
import { openTerminal } from "./support/terminal.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

describe("the links of the documents", () => {
  test("resolve", () => {
    expect(findBrokenLinks(root)).toEqual([]);
  });

  test("are reported if broken, and only then", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "other.md"), "# It's here: `code`\n\n```\n# not here\n```\n");
    await writeFile(join(folder.path, "links.md"), linksDocument);
    expect(findBrokenLinks(folder.path)).toEqual([
      { file: "links.md", line: 3, link: "missing.md" },
      { file: "links.md", line: 4, link: "other.md#not-here" },
      { file: "links.md", line: 5, link: "#nowhere" },
    ]);
  });
});

describe("docs/operating/security.md", () => {
  test("names an existing test for every guarantee", async () => {
    const tables = section(await readDocument("docs/operating/security.md"), "Promises").split(/^### /m);
    const promises = tables.flatMap(tableRows);
    expect(promises.length).toBeGreaterThan(30);
    const unheld: string[] = [];
    for (const [promise = "", heldBy = ""] of promises) {
      const [, file, title] = /^\[([^\]]+)\]\([^)]+\) "(.+)"$/.exec(heldBy) ?? [];
      if (file === undefined || title === undefined) unheld.push(promise);
      else if (!(await readDocument(file)).includes(title)) unheld.push(`${promise}: ${title}`);
    }
    expect(unheld).toEqual([]);
  });
});

describe("the README", () => {
  test("has at most 130 lines", async () => {
    expect((await readDocument("README.md")).split("\n").length - 1).toBeLessThanOrEqual(130);
  });

  test("shows the workflow of examples/order.ts", async () => {
    const [shown = "", ...others] = blocksOf(await readDocument("README.md"), "ts");
    expect(others).toEqual([]);
    expect(await typeErrors([shown])).toBe("");
    expect(shown).toBe(await readDocument("examples/order.ts"));
  });

  test("repeats five variables of the configuration reference", async () => {
    const rows = await variableRows("README.md", "Configuration");
    const defaults = new Map(await variableRows("docs/reference/configuration.md", "The variables"));
    expect(rows).toHaveLength(5);
    expect(rows.filter(([name, value]) => defaults.get(name) !== value)).toEqual([]);
  });

  test("has a walkthrough that works as written and survives a kill -9", async () => {
    const walkthrough = section(await readDocument("README.md"), "Five minutes");
    const [apiPort = 0] = await freePorts(1);
    const key = /DURANIUM_ROOT_KEY=(\S+)/.exec(walkthrough)?.[1] ?? "";
    await using instance = await startInstance({ DURANIUM_ROOT_KEY: key });
    await using server = openTerminal();
    await using terminal = openTerminal();
    for (const block of blocksOf(walkthrough, "sh")) {
      const commands = block
        .replaceAll("http://127.0.0.1:3000", instance.url)
        .replaceAll("4000", String(apiPort));
      if (block === "npm start\n") {
        await instance.kill();
        await instance.start();
      } else if (block.startsWith("node examples/order-api.js")) {
        await server.run(`${commands.trim()} &`);
      } else if (block.includes("executions list")) {
        const listed = async () => {
          const before = terminal.output().length;
          await terminal.run(commands);
          return terminal
            .output()
            .slice(before)
            .match(/\b(running|suspended|completed|failed)\b/g);
        };
        await expect.poll(() => orderEmails(server.output()), { timeout: 60_000 }).toHaveLength(2);
        await expect.poll(listed, { timeout: 30_000 }).toEqual(["completed", "completed"]);
      } else if (!block.includes("npm start")) await terminal.run(commands);
    }
    expect(terminal.output()).toMatch(/Deployed order, version 1\b/);
    expect(terminal.output()).toMatch(/"paymentId": "[^"]+"/);
    expect(orderEmails(server.output()).toSorted()).toEqual(["ada@example.com", "bob@example.com"]);
    const payments = server.output().match(/(?<=^PUT \/payments\/\S+ )\d+$/gm);
    expect(payments?.toSorted()).toEqual(["42", "99"]);
    const preflight = await fetch(`http://127.0.0.1:${apiPort}/emails`, { method: "OPTIONS" });
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
  });
});

describe("the pages of docs", () => {
  test("have at most 250 lines, unless they are generated", async () => {
    const long: string[] = [];
    for await (const path of glob("docs/**/*.md", { cwd: root })) {
      const text = await readDocument(path);
      if (!text.startsWith("<!-- ") && text.split("\n").length > 251) long.push(path);
    }
    expect(long).toEqual([]);
  });

  test("are in the index by reader", async () => {
    const index = await readDocument("docs/README.md");
    const unlisted: string[] = [];
    for await (const path of glob("docs/{*,{guides,reference,operating,internals}/*}.md", { cwd: root })) {
      if (path !== "docs/README.md" && !index.includes(`](${path.slice("docs/".length)})`))
        unlisted.push(path);
    }
    expect(unlisted).toEqual([]);
  });
});

describe("docs/decisions", () => {
  test("have one form, unique numbers, and a line each in the index", async () => {
    const index = await readDocument("docs/decisions/README.md");
    const lines: string[] = [];
    const malformed: string[] = [];
    for (const name of (
      await Array.fromAsync(glob("[0-9]*.md", { cwd: join(root, "docs/decisions") }))
    ).toSorted()) {
      const number = name.slice(0, 4);
      const text = await readDocument(`docs/decisions/${name}`);
      const [, title, date, status] = decisionHead.exec(text) ?? [];
      const headings = Array.from(text.matchAll(/^## (.+)$/gm), ([, heading]) => heading);
      const isComplete = headings.join() === "Context,Decision,Consequences,Alternatives";
      if (!text.startsWith(`# ${number}. `) || title === undefined || !isComplete) malformed.push(name);
      lines.push(`| [${number}](${name}) | ${title} | ${date} | ${status} |`);
    }
    expect(malformed).toEqual([]);
    const rows = index
      .split("\n")
      .filter((line) => line.startsWith("| ["))
      .map(withoutPadding);
    expect(rows).toEqual(lines);
    expect(new Set(lines.map((line) => line.slice(0, 7))).size).toBe(lines.length);
  });
});

describe("CHANGELOG.md", () => {
  test("begins with the version under development, and states for every version how to upgrade to it", async () => {
    const { version } = JSON.parse(await readDocument("package.json")) as { readonly version: string };
    const [, ...versions] = (await readDocument("CHANGELOG.md")).split(/^## /m);
    expect(versions[0]).toMatch(new RegExp(`^\\[${RegExp.escape(version)}\\] - `));
    expect(versions.filter((text) => !/^### Upgrading$/m.test(text))).toEqual([]);
  });

  test("states the protocol of this version", async () => {
    const latest = (await readDocument("CHANGELOG.md")).split(/^## /m)[1];
    expect(latest).toContain(`Protocol: version ${protocolVersion}.`);
  });
});

describe("docs/internals/dependencies.md", () => {
  test("states for every dependency why it is used", async () => {
    const manifests = [
      "package.json",
      ...(await Array.fromAsync(glob("packages/*/package.json", { cwd: root }))),
    ];
    const declared = new Set<string>();
    for (const path of manifests) {
      const manifest = JSON.parse(await readDocument(path)) as Record<string, Record<string, string>>;
      for (const kind of ["dependencies", "devDependencies", "optionalDependencies"]) {
        for (const name of Object.keys(manifest[kind] ?? {})) declared.add(name);
      }
    }
    const others = [...declared].filter((name) => !name.startsWith("@duranium/"));
    const document = await readDocument("docs/internals/dependencies.md");
    const subjects = [...document.matchAll(/^- ((?:`[^`]+`(?:, )?)+): /gm)];
    const documented = subjects.flatMap(([, names = ""]) =>
      names.split(", ").map((name) => name.slice(1, -1)),
    );
    // Parts of a dependency, such as the middleware of Hono, are documented beside it.
    const packages = documented.filter((name) => !name.startsWith("hono/"));
    expect(packages.toSorted()).toEqual(others.toSorted());
  });
});

const linksDocument = `# Links
[file](other.md) [heading](other.md#its-here-code) [own](#links) [web](https://example.com/none)
[missing](missing.md)
[code is no heading](other.md#not-here)
[none](#nowhere) \`[code](nothing.md)\`
`;

/** Title, date and status of a decision. */
const decisionHead = /^# \d{4}\. (.+)\n\nDate: (\d{4}-\d\d-\d\d) · Status: (.+)\n/;

/** A row of a table without the spaces that align its columns. */
function withoutPadding(row: string): string {
  return row.replaceAll(/ +\|/g, " |");
}

async function readDocument(path: string): Promise<string> {
  return await readFile(join(root, path), "utf8");
}

function blocksOf(markdown: string, language: string): readonly string[] {
  return fencedBlocks(markdown).flatMap(({ info, text }) => (info === language ? [text] : []));
}

/** The exported function, without what a formatter may change. */
/** The names and defaults of a table of variables. */
async function variableRows(path: string, heading: string): Promise<(readonly [string, string])[]> {
  const rows = tableRows(section(await readDocument(path), heading));
  return rows.map(([name = "", value = ""]) => [name.replaceAll("`", ""), value] as const);
}

/** The recipients of the e-mails that the walkthrough's server was asked to send. */
function orderEmails(output: string): readonly string[] {
  return Array.from(output.matchAll(/^POST \/emails \{"to":"([^"]+)"/gm), ([, recipient = ""]) => recipient);
}

/** The cells of a table's rows, without its head. */
function tableRows(markdown: string): readonly (readonly string[])[] {
  const lines = markdown.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
