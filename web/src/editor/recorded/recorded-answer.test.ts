import { expect, test } from "vitest";
import { answerText, recordedResponse, recordedResult } from "./recorded-answer.ts";

const fetched = (value: object) => ({ name: "fetch GET /a", operation: "fetch", result: { value } }) as never;

test("the recorded response of a fetch can be edited, and a failed one cannot", () => {
  const head = { status: 201, headers: [["content-type", "text/plain"]] };
  expect(recordedResponse(fetched({ ok: true, now: 1, value: head, text: "hi" }))).toEqual({
    ...head,
    body: "hi",
  });
  const failed = fetched({ ok: false, now: 1, error: { name: "TypeError", message: "fetch failed" } });
  expect(recordedResponse(failed)).toBeUndefined();
  expect(answerText(failed)).toBe("TypeError");
  expect(answerText(fetched({ ok: true, now: 1, value: head }))).toBe("201");
});

test("the recorded result of a call can be edited", () => {
  const call = {
    name: "call pays",
    operation: "call",
    result: { value: { ok: true, value: { paid: 7 } } },
  } as const;
  expect(recordedResult(call)).toEqual({ paid: 7 });
  expect(answerText({ name: "call pays", operation: "call" })).toBe("no answer");
});
