import { expect, test } from "vitest";
import type { FormError } from "../../components/form-errors.ts";
import { draftOf, limitOf, limitText } from "./limit-draft.ts";

test("a shared limit is the same after a round trip through the form, and reads as a sentence", () => {
  const shared = {
    name: "postgres",
    limit: { total: 20, perKey: 2, rateLimit: { limit: 100, period: "PT1M", burst: 5 } },
  };
  expect(limitOf(draftOf(shared))).toEqual(shared);
  expect(limitText(shared.limit)).toBe("20 at a time, 2 per key, 100 per minute, up to 5 at once");
});

test("a limit without a name or a number is reported at its fields", () => {
  try {
    limitOf({ ...draftOf(undefined), burst: "0" });
    expect.unreachable();
  } catch (error) {
    expect((error as FormError).errors).toMatchObject([
      { pointer: "#/rateLimit/burst" },
      { parameter: "name" },
      { pointer: "#/rateLimit/limit" },
      { pointer: "#/total" },
    ]);
  }
});
