import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toJsonText } from "../base/json.ts";
import type { JsonText, JsonValue } from "../base/json.ts";
import { executeInputText, readExecuteInput } from "./execute-input.ts";

const read = (text: string) => {
  const { payload, ...rest } = readExecuteInput(new TextEncoder().encode(text));
  return { ...rest, payload: new TextDecoder().decode(payload) };
};

describe("the input of an execution", () => {
  it("is read as it was written, and its payload not touched", () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.constantFrom(undefined, 1, "\t"),
        fc.boolean(),
        (json, indent, hasEntryPoint) => {
          const payload = JSON.stringify(JSON.parse(json), undefined, indent) as JsonText;
          const entryPoint = hasEntryPoint ? { entryPoint: "report" } : {};
          expect(read(executeInputText({ ...entryPoint, payload }))).toEqual({ ...entryPoint, payload });
        },
      ),
    );
  });

  it("is read as JSON.parse reads it, however it is written", () => {
    const name = fc.constantFrom("payload", "pay\\u006coad", "__proto__", "other", 'a\\"b', "\\\\");
    const written = fc.array(fc.tuple(name, fc.json(), fc.constantFrom("", " ", "\r\n\t")));
    fc.assert(
      fc.property(written, (members) => {
        const text = `{${members.map(([key, value, space]) => `${space}"${key}"${space}:${space}${value}${space}`).join(",")}}`;
        const expected = (JSON.parse(text) as { payload?: JsonValue }).payload ?? null;
        expect(JSON.parse(read(text).payload)).toEqual(expected);
      }),
    );
  });

  it.each(["", "{}", " { } ", "null", '{"payload":null}'])("has the payload null in %j", (text) => {
    expect(read(text)).toEqual({ payload: "null" });
  });

  it.each([
    ["[]", "it is no JSON object"],
    ["nul", "it is no JSON"],
    ["7", "it is no JSON object"],
    ['{"payload":1', "it is no JSON object"],
    ['{"payload":[1', "it ends too early"],
    ['{"payload":"\\"}', "it ends too early"],
    ['{"payload":1}}', "it is no JSON object"],
    ['{"payload":1,}', "it is no JSON"],
    ['{"payload" 1}', "it is no JSON object"],
    ["{payload:1}", "it is no JSON"],
    ['{"entryPoint":7}', "`entryPoint` is not a string"],
    ['{"entryPoint":run}', "it is no JSON"],
  ])("is refused as %j: %s", (text, fault) => {
    expect(() => read(text)).toThrow(fault);
  });

  it("names an entry point that cannot be one", () => {
    expect(() => read(executeInputText({ entryPoint: "no name", payload: toJsonText(1) }))).toThrow(
      "no name",
    );
  });
});
