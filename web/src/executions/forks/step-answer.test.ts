import { expect, test } from "vitest";
import type { TimelineStep } from "../../components/step.ts";
import { answerText, parseAnswer } from "./step-answer.ts";

const fetched: TimelineStep = {
  index: 5,
  operation: "fetch",
  name: "fetch GET https://shop.example/stock",
  outcome: "succeeded",
  result: {
    value: {
      status: 200,
      headers: [
        ["content-type", "application/json"],
        ["date", "today"],
      ],
    },
    text: '{"left":3}',
  },
};

test("a response is edited with its body as JSON, and sent with its body as text", () => {
  const text = answerText(fetched);
  expect(JSON.parse(text)).toEqual({
    status: 200,
    headers: [["content-type", "application/json"]],
    body: { left: 3 },
  });
  expect(parseAnswer(5, text.replace("3", "0"))).toEqual({
    answer: { step: 5, status: 200, headers: [["content-type", "application/json"]], body: '{"left":0}' },
  });
});

test("an event, a failed call and a sleep are edited as result or error", () => {
  const step = { index: 1, name: "", outcome: "succeeded" } as const;
  expect(JSON.parse(answerText({ ...step, operation: "wait", result: { value: [1] } }))).toEqual({
    result: [1],
  });
  const error = { name: "RangeError", message: "too much", code: "workflow-failed" };
  expect(JSON.parse(answerText({ ...step, operation: "call", outcome: "failed", error }))).toEqual({
    error: { name: "RangeError", message: "too much" },
  });
  expect(JSON.parse(answerText({ ...step, operation: "sleep" }))).toEqual({ result: null });
});

test("text that is no object is refused", () => {
  expect(parseAnswer(1, "{")).toMatchObject({ error: expect.stringContaining("Invalid JSON") });
  expect(parseAnswer(1, "[]")).toMatchObject({ error: expect.stringContaining("`status`") });
});
