import { expect, test } from "vitest";
import { startTarget } from "../support/target.ts";
import { createCallbackPoster } from "./callback-poster.ts";

test.each([
  { answers: [202, 409], taken: 1, wrong: [] },
  { answers: [503, 409, 409], taken: 0, wrong: [] },
  { answers: [202, 202], taken: 1, wrong: ["6/0.1 has a callback that answered 202, then 202"] },
  { answers: [404, 404], taken: 0, wrong: ["6/0.1 has a callback that answered 404, then 404"] },
])("a callback that responds with $answers is judged correctly", async ({ answers, taken, wrong }) => {
  const left = [...answers];
  await using duranium = await startTarget({
    "POST /callbacks/1": (_request, response) => void (response.statusCode = left.shift() ?? 500),
  });
  const told: string[] = [];
  using poster = createCallbackPoster((what) => told.push(what));
  await poster.post({ url: `${duranium.url}/callbacks/1`, run: 6, at: "0.1" });
  expect(told).toEqual(wrong);
  expect(poster.taken).toBe(taken);
  expect(duranium.seen.map(({ body }) => JSON.parse(body))).toEqual(
    answers.map(() => ({ run: 6, at: "0.1" })),
  );
});
