import { glob, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { findBrokenLinks } from "../scripts/check-links.ts";
import { protocolVersion } from "../src/sandbox/engine/protocol-version.ts";
import { freePorts, startInstance } from "./support/instance.ts";
import { fencedBlocks, section, temporaryFolder, typeErrors } from "./support/markdown.ts";
import { openTerminal } from "./support/terminal.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

describe("the links of the documents", () => {
  test("lead somewhere", () => {
    expect(findBrokenLinks(root)).toEqual([]);
  });

  test("are found where they are broken, and nowhere else", async () => {
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

describe("docs/security.md", () => {
  test("names for every promise a test that is there", async () => {
    const tables = section(await readDocument("docs/security.md"), "Promises").split(/^### /m);
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
  test("shows TypeScript that the compiler accepts", async () => {
    const readme = await readDocument("README.md");
    const sources = [...blocksOf(readme, "ts"), ...hereDocuments(readme)];
    expect(sources).toHaveLength(2);
    expect(await typeErrors(sources)).toBe("");
  });

  test("has every variable of the configuration, with its default", async () => {
    const config = `${await readDocument("src/config/config.ts")}\n${await readDocument("src/config/tracing.ts")}`;
    const documented = tableRows(section(await readDocument("README.md"), "Configuration"));
    // Of OpenTelemetry's own, the README has the two that a first user needs.
    const declared = [...config.matchAll(/^  ([A-Z][A-Z_]+): (.*)$/gm)].filter(
      ([, name = ""]) => !/^OTEL_(?!EXPORTER_OTLP_ENDPOINT$|SERVICE_NAME$)/.test(name),
    );
    const names = documented.map(([name = ""]) => name.replaceAll("`", ""));
    expect(names.toSorted()).toEqual(declared.map(([, name = ""]) => name).toSorted());
    const wrong = declared.flatMap(([, name = "", declaration = ""]) => {
      const [, told] = documented.find(([cell]) => cell === `\`${name}\``) ?? [];
      const expected = documentedDefault(declaration) ?? told;
      return told === expected ? [] : [`the default of ${name} is ${expected}, not ${told}`];
    });
    expect(wrong).toEqual([]);
  });

  test("has a walk that works as it is written, and survives its kill -9", async () => {
    const walk = section(await readDocument("README.md"), "Five minutes");
    const [shopPort = 0] = await freePorts(1);
    const key = /DURANIUM_ROOT_KEY=(\S+)/.exec(walk)?.[1] ?? "";
    await using instance = await startInstance({ DURANIUM_ROOT_KEY: key });
    await using terminal = openTerminal();
    for (const block of blocksOf(walk, "sh")) {
      if (block.includes("npm start")) continue;
      if (block.includes("pkill")) {
        await instance.kill();
        await instance.start();
        continue;
      }
      await terminal.run(
        block.replaceAll("http://127.0.0.1:3000", instance.url).replaceAll("4000", String(shopPort)),
      );
    }
    const output = terminal.output();
    expect(output).toMatch(/"workflowId":"purchase","version":1\b/);
    expect(output).toMatch(
      /"status":"completed".*"result":\{"item":"lamp","price":42,"order":"[^"]+","status":200\}/,
    );
    expect(output).toMatch(
      /"status":"completed".*"result":\{"item":"sofa","price":42,"order":"[^"]+","status":200\}/,
    );
    const shopped = output.match(/(?<=shop: )(GET \S+|PUT \/orders\b)/g)?.toSorted();
    expect(shopped).toEqual(["GET /offers/lamp", "GET /offers/sofa", "PUT /orders", "PUT /orders"]);
  });
});

describe("CHANGELOG.md", () => {
  test("begins with the version that is developed, and says of every one how to upgrade to it", async () => {
    const { version } = JSON.parse(await readDocument("package.json")) as { readonly version: string };
    const [, ...versions] = (await readDocument("CHANGELOG.md")).split(/^## /m);
    expect(versions[0]).toMatch(new RegExp(`^\\[${RegExp.escape(version)}\\] - `));
    expect(versions.filter((text) => !/^### Upgrading$/m.test(text))).toEqual([]);
  });

  test("tells the protocol that this version speaks", async () => {
    const latest = (await readDocument("CHANGELOG.md")).split(/^## /m)[1];
    expect(latest).toContain(`Protocol: version ${protocolVersion}.`);
  });
});

describe("docs/dependencies.md", () => {
  test("says of every dependency why it is there", async () => {
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
    const document = await readDocument("docs/dependencies.md");
    const subjects = [...document.matchAll(/^- ((?:`[^`]+`(?:, )?)+): /gm)];
    const documented = subjects.flatMap(([, names = ""]) =>
      names.split(", ").map((name) => name.slice(1, -1)),
    );
    expect(documented.toSorted()).toEqual(others.toSorted());
  });
});

const linksDocument = `# Links
[file](other.md) [heading](other.md#its-here-code) [own](#links) [web](https://example.com/none)
[missing](missing.md)
[code is no heading](other.md#not-here)
[none](#nowhere) \`[code](nothing.md)\`
`;

async function readDocument(path: string): Promise<string> {
  return await readFile(join(root, path), "utf8");
}

function blocksOf(markdown: string, language: string): readonly string[] {
  return fencedBlocks(markdown).flatMap(({ info, text }) => (info === language ? [text] : []));
}

/** The TypeScript that the walk's shell commands carry. */
function hereDocuments(markdown: string): readonly string[] {
  return Array.from(markdown.matchAll(/<<'TS'\n(.*?)^TS$/gms), ([, text = ""]) => text);
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

/** As the README writes the default of a declaration; `undefined` where it is none that can be read. */
function documentedDefault(declaration: string): string | undefined {
  const [, port, text] = /port\((\d+)\)|\.default\("([^"]*)"/.exec(declaration) ?? [];
  const value = port ?? text;
  return value === "" ? "empty" : value && `\`${value}\``;
}
