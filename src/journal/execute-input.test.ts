import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toJsonText } from "../base/json.ts";
import type { JsonText, JsonValue } from "../base/json.ts";
import { executeInputText, readExecuteInput, showExecuteInput } from "./execute-input.ts";

const read = async (text: string) => {
  const { payload, ...rest } = await readExecuteInput(new TextEncoder().encode(text));
  return { ...rest, payload: new TextDecoder().decode(payload) };
};

describe("the input of an execution", () => {
  test("is read as it was written, with its payload unchanged", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.json(),
        fc.constantFrom(undefined, 1, "\t"),
        fc.boolean(),
        async (json, indent, hasEntryPoint) => {
          const payload = JSON.stringify(JSON.parse(json), undefined, indent) as JsonText;
          const entryPoint = hasEntryPoint ? { entryPoint: "report" } : {};
          const text = await executeInputText({ ...entryPoint, payload });
          expect(await read(text)).toEqual({ ...entryPoint, payload });
        },
      ),
    );
  });

  test("is read as JSON.parse reads it, in any notation", async () => {
    const name = fc.constantFrom("payload", "pay\\u006coad", "__proto__", "other", 'a\\"b', "\\\\");
    const written = fc.array(fc.tuple(name, fc.json(), fc.constantFrom("", " ", "\r\n\t")));
    await fc.assert(
      fc.asyncProperty(written, async (members) => {
        const text = `{${members.map(([key, value, space]) => `${space}"${key}"${space}:${space}${value}${space}`).join(",")}}`;
        const expected = (JSON.parse(text) as { payload?: JsonValue }).payload ?? null;
        expect(JSON.parse((await read(text)).payload)).toEqual(expected);
      }),
    );
  });

  test.each(["", "{}", " { } ", "null", '{"payload":null}'])("has the payload null in %j", async (text) => {
    expect(await read(text)).toEqual({ payload: "null" });
  });

  test.each([
    ["[]", "it is not a JSON object"],
    ["nul", "it is not valid JSON"],
    ["7", "it is not a JSON object"],
    ['{"payload":1', "it is not a JSON object"],
    ['{"payload":[1', "it is truncated"],
    ['{"payload":"\\"}', "it is truncated"],
    ['{"payload":1}}', "it is not a JSON object"],
    ['{"payload":1,}', "it is not valid JSON"],
    ['{"payload" 1}', "it is not a JSON object"],
    ["{payload:1}", "it is not valid JSON"],
    ['{"entryPoint":7}', "`entryPoint` is not a string"],
    ['{"entryPoint":run}', "it is not valid JSON"],
    ['{"compressedPayload":7}', "`compressedPayload` is malformed"],
    ['{"compressedPayload":{"bytes":1,"zstd":"AAAA"}}', "`compressedPayload` cannot be decompressed"],
  ])("%j is rejected: %s", async (text, fault) => {
    await expect(read(text)).rejects.toThrow(fault);
    expect(showExecuteInput(tryParse(text)).payload).toBeNull();
  });

  test("an invalid entry point is named in the error", async () => {
    const text = await executeInputText({ entryPoint: "no name", payload: toJsonText(1) });
    await expect(read(text)).rejects.toThrow("no name");
  });

  test.each<[string, JsonValue]>([
    ["a million lists", Array.from({ length: 1_000_000 }, () => [])],
    ["a text in two scripts", "Ω é \ud83d\ude00 ".repeat(20_000)],
  ])("a long payload is compressed, and is read and shown unchanged: %s", async (_, value) => {
    const payload = toJsonText(value);
    const text = await executeInputText({ entryPoint: "report", payload });
    expect(text.length).toBeLessThan(payload.length / 10);
    const input = await read(text);
    expect(input.entryPoint).toBe("report");
    expect(input.payload === payload).toBe(true);
    const shown = showExecuteInput(JSON.parse(text) as JsonValue);
    expect(shown.entryPoint).toBe("report");
    expect(toJsonText(shown.payload) === payload).toBe(true);
  });

  test("is not compressed if that saves nothing", async () => {
    const payload = toJsonText(randomBytes(100_000).toString("base64"));
    expect(await executeInputText({ payload })).toBe(`{"payload":${payload}}`);
  });
});

function tryParse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
