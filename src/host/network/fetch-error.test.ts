import { expect, test } from "vitest";
import { FetchError } from "./fetch-error.ts";

test.each([
  [new Error("closed"), "closed"],
  [Object.assign(new Error("closed"), { code: "ECONNRESET" }), "closed (ECONNRESET)"],
  [Object.assign(new Error("ECONNRESET closed"), { code: "ECONNRESET" }), "ECONNRESET closed"],
  // undici's errors of a malformed response have a code that is not set.
  [
    Object.assign(new Error("malformed", { cause: new Error("a chunk") }), { code: undefined }),
    "malformed: a chunk",
  ],
  ["text", "text"],
])("%s is reported with the message %j", (error, message) => {
  expect(FetchError.of(error)).toMatchObject({ code: "fetch-failed", message });
});
