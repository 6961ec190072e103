import { beforeAll, describe, expect, test } from "vitest";
import { maxEventBytes } from "../../api/contract/limits.ts";
import {
  maxFetchRequestBytes,
  maxPayloadBytes,
  maxResultBytes,
  maxStateValueBytes,
} from "../../domain/limits.ts";
import type { Turn } from "../../host/guest.ts";
import { answer, bytesOf, imageOf, loadTestEngine, testContext, textOf } from "../testing/images.ts";
import type { Image } from "./engine-state.ts";
import type { Core } from "./glue.ts";
import { createInstance } from "./instance.ts";
import type { Instance, LoadedEngine } from "./instance.ts";

/**
 * Whatever the documented limits allow fits in the default memory. The engine alone would need six times a
 * string's length to quote it, and would not collect garbage before memory is exhausted.
 */

/** Texts of about `length` bytes, as expressions. */
const texts: Readonly<Record<string, (length: number) => string>> = {
  "Latin-1": (length) => `"lorem ipsum ".repeat(${Math.floor(length / 12)})`,
  "one character above U+00FF": (length) => `"ł" + "lorem ipsum ".repeat(${Math.floor((length - 2) / 12)})`,
  "characters above U+00FF": (length) => `"łąśćżó".repeat(${Math.floor(length / 12)})`,
  "line breaks and quotes": (length) => String.raw`"lorem \"psu\n".repeat(${Math.floor(length / 13)})`,
  "base64 of a file": (length) => `new Uint8Array(${Math.floor((length * 3) / 4) - 2}).fill(7).toBase64()`,
};
const values: Readonly<Record<string, (length: number) => string>> = {
  ...Object.fromEntries(
    Object.entries(texts).map(([name, make]) => [name, (length: number) => `{ html: ${make(length)} }`]),
  ),
  "nested objects": (length) =>
    `Array.from({ length: ${Math.floor(length / 38)} }, (_, id) => ({ id: id + 1e6, name: { of: "łóx" } }))`,
  "an object of many keys": (length) =>
    `Object.fromEntries(Array.from({ length: ${Math.floor(length / 48)} }, (_, at) => ["key" + (at + 1e6), "lorem ipsum lorem ipsum dolor"]))`,
};

/** The key and some brackets around the text. */
const around = 512;
/** Smaller sizes, which take a minute: `LARGE_VALUES=all`. */
const sizes = process.env["LARGE_VALUES"] === "all" ? [1e5, 2e5, 4.8e5, 7e5, 1e6, 1.5e6, 3e6, 6e6] : [];
const sizesUpTo = (limit: number): number[] => [...sizes.filter((size) => size < limit), limit - around];

let engine: LoadedEngine;
let evaluating: Image;
beforeAll(async () => {
  engine = await loadTestEngine();
  evaluating = await imageOf(
    engine,
    `export async function run(ctx: any, { body, payload }: any) {
      return new (run.constructor as any)("ctx", "payload", body)(ctx, payload);
    }`,
  );
});

/** The first turn of a workflow with the default memory. */
function firstTurn(body: string, payload: unknown = null): Turn {
  return enterNew((core) => core.run(testContext, bytesOf({ body, payload }))).turn;
}

function enterNew(first: (core: Core) => Turn): { readonly turn: Turn; readonly instance: Instance } {
  const instance = createInstance(engine);
  instance.reset(evaluating);
  return { turn: instance.enter(first), instance };
}

function cases(
  of: Readonly<Record<string, (length: number) => string>>,
  limit: number,
): [string, number, string][] {
  return Object.entries(of).flatMap(([name, make]) =>
    sizesUpTo(limit).map((size): [string, number, string] => [name, size, make(size)]),
  );
}

describe("the default memory", () => {
  test.each(cases(values, maxResultBytes))(
    "a result fits into the default memory: %s, %i bytes",
    (_, size, value) => {
      const { completion } = firstTurn(`return ${value};`);
      expect(completion?.ok).toBe(true);
      expect(completion?.json.length).toBeGreaterThan(size / 2);
      expect(() => JSON.parse(textOf(completion?.json)) as unknown).not.toThrow();
    },
  );

  test.each([...cases(texts, maxFetchRequestBytes), ...cases(values, maxResultBytes)])(
    "a JSON body fits into the default memory: %s, %i bytes",
    (_, size, value) => {
      const { calls, completion } = firstTurn(
        `const body = JSON.stringify(${value}); await fetch("https://a.test/", { method: "POST", body });`,
      );
      expect(completion).toBeUndefined();
      expect(calls[0]?.body.length).toBeGreaterThan(size / 2);
    },
  );

  test.each([...cases(texts, maxFetchRequestBytes), ...cases(values, maxResultBytes)])(
    "Response.json fits into the default memory: %s, %i bytes",
    (_, size, value) => {
      const { completion } = firstTurn(`return (await Response.json([${value}]).bytes()).length;`);
      expect(Number(textOf(completion?.json))).toBeGreaterThan(size / 2);
    },
  );

  test.each(cases(texts, maxPayloadBytes))(
    "a child's payload fits into the default memory: %s, %i bytes",
    (_, size, text) => {
      const { calls } = firstTurn(`await ctx.call("child", { payload: ${text} });`);
      expect(calls[0]?.arguments.length).toBeGreaterThan(size / 2);
    },
  );

  test.each(cases(texts, maxStateValueBytes))(
    "a state value fits into the default memory: %s, %i bytes",
    (_, size, text) => {
      const { calls } = firstTurn(`await ctx.state.set("key", ${text});`);
      expect(calls[0]?.arguments.length).toBeGreaterThan(size / 2);
    },
  );

  test.each(cases(texts, maxPayloadBytes))(
    "a returned payload fits into the default memory: %s, %i bytes",
    (_, size, text) => {
      // oxlint-disable-next-line no-eval -- the texts are expressions
      const { completion } = firstTurn("return payload;", (0, eval)(text));
      expect(completion?.json.length).toBeGreaterThan(size / 2);
    },
  );

  test.each(cases(texts, maxEventBytes))(
    "a returned event fits into the default memory: %s, %i bytes",
    (_, size, text) => {
      const body = `return await ctx.waitForEvent("approved");`;
      const { turn, instance } = enterNew((core) => core.run(testContext, bytesOf({ body })));
      // oxlint-disable-next-line no-eval -- the texts are expressions
      const settlement = answer(turn.calls[0]?.id ?? -1, (0, eval)(text));
      const { completion } = instance.enter((core) => core.settle(settlement));
      expect(completion?.json.length).toBeGreaterThan(size / 2);
    },
  );

  test.each(cases(texts, maxEventBytes))(
    "a console line fits into the default memory, and is cut: %s, %i bytes",
    (_, __, text) => {
      const { logs } = firstTurn(`console.log([${text}]);`);
      expect(textOf(logs[0]?.line)).toContain("more characters");
    },
  );

  test("twenty sequential responses of 8 MiB fit into the default memory", () => {
    const body = `let length = 0;
      for (let n = 0; n < 20; n++) length += (await (await fetch("https://a.test/")).json()).text.length;
      return length;`;
    const text = "lorem ipsum ".repeat(690_000);
    let { turn, instance } = enterNew((core) => core.run(testContext, bytesOf({ body })));
    while (turn.completion === undefined) {
      const received = {
        status: 200,
        statusText: "",
        url: "https://a.test/",
        redirected: false,
        headers: [],
      };
      const settlement = { ...answer(turn.calls[0]?.id ?? -1, received), body: bytesOf({ text }) };
      turn = instance.enter((core) => core.settle(settlement));
    }
    expect(textOf(turn.completion.json)).toBe(String(20 * text.length));
  });

  test("garbage many times the size of the memory is collected while half of the memory is in use", () => {
    const { completion } = firstTurn(`
      const kept = Array.from({ length: 30 }, () => new Uint8Array(2 ** 20));
      let bytes = 0;
      for (let n = 0; n < 200; n++) bytes += new Uint8Array(2 ** 20).length;
      return [kept.length, bytes / 2 ** 20];`);
    expect(textOf(completion?.json)).toBe("[30,200]");
  });
});

describe("a value that exceeds the memory", () => {
  test.each([
    ["a result", `return "ł".repeat(4e6).padEnd(24e6, "lorem");`],
    [
      "a result inside of a package's error",
      `try { return [..."ł".repeat(9e6)]; } catch (cause) { throw new Error("wrapped", { cause }); }`,
    ],
    [
      "text of a response",
      `return (await new Response(new Uint8Array(30e6).fill(65)).text() + "ł").at(-1).repeat(30e6);`,
    ],
  ])("%s that exceeds the memory fails with out-of-memory", (_, body) => {
    expect(() => firstTurn(body)).toThrow(expect.objectContaining({ code: "out-of-memory" }));
  });
});
