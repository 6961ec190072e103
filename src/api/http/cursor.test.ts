import { expect, test } from "vitest";
import { z } from "zod";
import { decodeCursor, encodeCursor } from "./cursor.ts";

const shape = z.object({ createdAt: z.number(), id: z.string() });

test("a decoded cursor equals its input", () => {
  const position = { createdAt: 1_700_000_000_000, id: "größe-ü/?" };
  expect(decodeCursor(encodeCursor(position), shape)).toEqual(position);
});

test("a cursor needs no escaping in a URL", () => {
  expect(encodeCursor({ text: "???>>>~~~ÿÿÿ" })).toMatch(/^[A-Za-z0-9_-]+$/);
});

test.each([
  ["nothing", ""],
  ["what is no base64url", "%%%"],
  ["what is no JSON", Buffer.from("{").toString("base64url")],
  ["the cursor of another list", encodeCursor("order-sync")],
  ["a cursor that was cut", encodeCursor({ createdAt: 1, id: "root" }).slice(0, -4)],
])("%s is rejected as a cursor", (_, text) => {
  expect(() => decodeCursor(text, shape)).toThrow(expect.objectContaining({ code: "invalid-cursor" }));
});
