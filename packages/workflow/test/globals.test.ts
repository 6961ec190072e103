import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { createGuestRunner } from "../../../test/guest/guest-runner.ts";

/** What a class or an object has, by name: its own and its prototype's members, and its statics. */
interface Members {
  readonly members: readonly string[];
  readonly statics: readonly string[];
}

/** Names that the language's own `lib` declares; what is left of the engine's is the platform. */
const language =
  /^(Aggregate|Eval|Range|Reference|Suppressed|Syntax|Type|URI)?Error$|Array$|^(Array|Weak|Async|Finalization)|^(is|parse|decode|encode)[A-Z]|^(Object|Function|Boolean|JSON|Date|Math|NaN|Infinity|undefined|Number|String|RegExp|BigInt|Proxy|Map|Set|DataView|Symbol|Reflect|Promise|Iterator|DisposableStack|Intl|eval|escape|unescape|globalThis)$/;

/** There, and of no use to an author: the standard calls them legacy. */
const unsaid = ["Event.cancelBubble", "Event.initEvent"];

/** Put in place by bundling. */
const bundled = ["process", "global", "URLPattern"];

let declared: ReadonlyMap<string, Members>;
let found: Readonly<Record<string, Members>>;

beforeAll(async () => {
  declared = parseDeclarations(await readFile(new URL("../src/globals.d.ts", import.meta.url), "utf8"));
  const play = await createGuestRunner();
  found = play(`export function run() {${inspect}}`).result as typeof found;
});

describe("the typed globals", () => {
  test("the typed globals are those of the sandbox", () => {
    const there = Object.keys(found).filter((name) => !language.test(name) && !unsaid.includes(name));
    const typed = [...declared.keys()].filter((name) => !bundled.includes(name));
    expect(typed.toSorted()).toEqual(there.toSorted());
  });

  test("the typed globals are those listed in docs/reference/sandbox.md", async () => {
    const document = await readFile(new URL("../../../docs/reference/sandbox.md", import.meta.url), "utf8");
    const section = document.split(/^## /m).find((text) => text.startsWith("Globals\n")) ?? "";
    const rows = section
      .split("\n")
      .filter((line) => line.startsWith("|"))
      .join("\n");
    const named = [...rows.matchAll(/`(\w+)`(?! is)/g)]
      .map(([, name = ""]) => name)
      .filter((name) => name !== "env");
    expect(new Set(named)).toEqual(new Set(declared.keys()));
  });

  test("the typed globals have the members of the sandbox", () => {
    const missing = Object.entries(found).flatMap(([name, { members, statics }]) => {
      const typed = declared.get(name);
      if (typed === undefined) return [];
      return [
        ...members.filter((member) => !typed.members.includes(member)),
        ...statics.filter((member) => !typed.statics.includes(member)),
      ].map((member) => `${name}.${member}`);
    });
    expect(missing.filter((name) => !unsaid.includes(name) && !/\.(?:[A-Z_]+_ERR|_\w+)$/.test(name))).toEqual(
      [],
    );
  });

  test("the typed globals have no method that the sandbox lacks", async () => {
    const play = await createGuestRunner();
    const names = [...declared].flatMap(([name, { members }]) =>
      members.filter((member) => !member.startsWith("[")).map((member) => [name, member]),
    );
    const lost = play(`export function run() {
      const made = { ${makers} };
      return ${JSON.stringify(names)}.filter(([name, member]) => {
        const value = globalThis[name];
        const owner = made[name]?.() ?? value?.prototype ?? value;
        return owner !== undefined && !(member in owner);
      });
    }`).result;
    expect(lost).toEqual([]);
  });
});

/** What shows its members on an instance only. */
const makers = `
  Request: () => new Request("https://a.test"), Response: () => new Response(), Event: () => new Event("x"),
  CustomEvent: () => new CustomEvent("x"), MessageEvent: () => new MessageEvent("x"),
  MessageChannel: () => new MessageChannel(), PerformanceEntry: () => performance.mark("x"),
  TextEncoderStream: () => new TextEncoderStream(), TextDecoderStream: () => new TextDecoderStream(),
`;

const inspect = `
  const names = (object) => Reflect.ownKeys(object).filter((key) => typeof key === "string");
  const found = {};
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const value = globalThis[name];
    const isClass = typeof value === "function" && value.prototype !== undefined && /^[A-Z]/.test(name);
    const isObject = typeof value === "object" && value !== null && value !== globalThis;
    const owner = isClass ? value.prototype : isObject ? value : {};
    found[name] = {
      members: names(owner).filter((member) => member !== "constructor"),
      statics: isClass ? names(value).filter((member) => !["length", "name", "prototype"].includes(member)) : [],
    };
  }
  return found;`;

/** The file is written so that lines tell: declarations begin in the first column, their members in the third. */
function parseDeclarations(text: string): Map<string, Members> {
  const interfaces = new Map<string, string[]>();
  const values = new Map<string, { members: string[]; statics: string[]; type?: string | undefined }>();
  let open: { members: string[]; statics: string[] } | undefined;
  for (const line of text.split("\n")) {
    const [, kind, name = "", type] =
      /^(?:declare )?(class|interface|var|function|namespace) (\w+)(?:: (\w+);)?/.exec(line) ?? [];
    if (kind === "interface") {
      const members = interfaces.get(name) ?? [];
      interfaces.set(name, members);
      open = { members, statics: [] };
    } else if (kind !== undefined) {
      const value = { members: [], statics: [], type };
      values.set(name, value);
      open = kind === "function" ? undefined : value;
    }
    const [, isStatic, member = ""] = /^  (static )?(?:readonly )?(\w+)[?(:<]/.exec(line) ?? [];
    if (member !== "" && member !== "constructor")
      (isStatic === undefined ? open?.members : open?.statics)?.push(member);
  }
  for (const [name, value] of values) {
    const inherited = ["Request", "Response"].includes(name) ? (interfaces.get("Body") ?? []) : [];
    value.members.push(...(interfaces.get(value.type ?? "") ?? []), ...inherited);
  }
  return values;
}
