import { expect, test } from "vitest";
import { z } from "zod";
import { jsonValue, timestamp } from "./fields.ts";
import { toWire } from "./wire.ts";

interface Tree {
  readonly at: number;
  readonly branches: readonly Tree[];
}

const tree: z.ZodType<Tree> = z.strictObject({ at: timestamp, branches: z.array(z.lazy(() => tree)) });

const resource = z.strictObject({
  createdAt: timestamp,
  endedAt: timestamp.exactOptional().meta({ description: "An end" }),
  deletedAt: timestamp.nullable(),
  name: z.string().min(3),
  tree,
  result: jsonValue,
});

const value = {
  createdAt: 1_000,
  deletedAt: null,
  name: "a",
  tree: { at: 2_000, branches: [{ at: 3_000, branches: [] }] },
  result: { createdAt: 4_000 },
};

test("a response has times as text, also in nested and recursive schemas, and any JSON as it is", () => {
  expect(toWire(resource, { ...value, endedAt: 5_000 })).toEqual({
    createdAt: "1970-01-01T00:00:01.000Z",
    endedAt: "1970-01-01T00:00:05.000Z",
    deletedAt: null,
    name: "a",
    tree: {
      at: "1970-01-01T00:00:02.000Z",
      branches: [{ at: "1970-01-01T00:00:03.000Z", branches: [] }],
    },
    result: { createdAt: 4_000 },
  });
});

test("a response has only members that its schema names, and no undefined ones", () => {
  const internal = { ...value, endedAt: undefined, tokenHash: "secret" } as typeof value;
  expect(Object.keys(toWire(resource, internal) as object)).toEqual([
    "createdAt",
    "deletedAt",
    "name",
    "tree",
    "result",
  ]);
});
