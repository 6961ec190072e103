import { describe, expect, test } from "vitest";
import { maxInlineJsonLength } from "../contract/limits.ts";
import { checkJson } from "./json-thread.ts";

const large = (end: string) => `[${" ".repeat(maxInlineJsonLength)}\n1,${end}`;

describe("checkJson", () => {
  test.each(["{ }", large("2]")])("a valid text is returned unchanged (%#)", async (text) => {
    expect(await checkJson(text)).toBe(text);
  });

  test.each([
    ["a small text", "[\n1 2]"],
    ["a large text", large(" 2]").replace(",", "")],
  ])("a syntax error in %s is reported with its position", async (_, text) => {
    await expect(checkJson(text)).rejects.toMatchObject({
      code: "invalid-json",
      message: expect.stringContaining("(line 2 column 3)") as string,
      diagnostics: [{ line: 2, column: 3 }],
    });
  });

  test("many large texts are checked independently", async () => {
    const texts = Array.from({ length: 20 }, (_, n) => large(n % 2 === 0 ? `${n}]` : `${n}`));
    const checked = await Promise.allSettled(texts.map(async (text) => await checkJson(text)));
    expect(checked.map(({ status }) => status)).toEqual(
      texts.map((_, n) => (n % 2 === 0 ? "fulfilled" : "rejected")),
    );
  });

  test("a queued text whose caller has disconnected is not checked", async () => {
    const gone = AbortSignal.abort();
    const [first, second, third] = await Promise.allSettled([
      checkJson(large("1]")),
      checkJson(large("2"), gone),
      checkJson(large("3]"), new AbortController().signal),
    ]);
    expect([first.status, third.status]).toEqual(["fulfilled", "fulfilled"]);
    expect(second).toMatchObject({ reason: { message: "Cannot read the body: the caller disconnected" } });
  });
});
