import { describe, expect, it } from "vitest";
import { maxInlineJsonLength } from "../../domain/limits.ts";
import { checkJson } from "./json-thread.ts";

const large = (end: string) => `[${" ".repeat(maxInlineJsonLength)}\n1,${end}`;

describe("checkJson", () => {
  it.each(["{ }", large("2]")])("passes a text on as it is (%#)", async (text) => {
    expect(await checkJson(text)).toBe(text);
  });

  it.each([
    ["a small text", "[\n1,,2]"],
    ["a large text", large(",2]")],
  ])("tells where %s stops being JSON", async (_, text) => {
    await expect(checkJson(text)).rejects.toMatchObject({
      code: "invalid-json",
      message: 'Cannot read the body as JSON: unexpected "," at line 2, column 3',
      diagnostics: [{ line: 2, column: 3 }],
    });
  });

  it("answers each of many large texts for itself", async () => {
    const texts = Array.from({ length: 20 }, (_, n) => large(n % 2 === 0 ? `${n}]` : `${n}`));
    const checked = await Promise.allSettled(texts.map(async (text) => await checkJson(text)));
    expect(checked.map(({ status }) => status)).toEqual(
      texts.map((_, n) => (n % 2 === 0 ? "fulfilled" : "rejected")),
    );
  });

  it("checks no text whose caller is gone before its turn", async () => {
    const gone = AbortSignal.abort();
    const [first, second, third] = await Promise.allSettled([
      checkJson(large("1]")),
      checkJson(large("2"), gone),
      checkJson(large("3]"), new AbortController().signal),
    ]);
    expect([first.status, third.status]).toEqual(["fulfilled", "fulfilled"]);
    expect(second).toMatchObject({ reason: { message: "Cannot read the body: the caller is gone" } });
  });
});
