import { expect, test } from "vitest";
import { filterQuery, readFilter, writeFilter } from "./filter.ts";

test("a filter comes out of the address as it was put in", () => {
  const filter = {
    workflow: "order-flow",
    status: "failed",
    version: 3,
    entryPoint: "orders/created",
    after: "2026-11-01T00:00:00.000Z",
    before: "2026-12-01T00:00:00.000Z",
  } as const;
  expect(readFilter(writeFilter(filter))).toEqual(filter);
});

test("what an address says that cannot be meant is left out", () => {
  expect(readFilter("status=broken&version=-1&after=yesterday&workflow=&x=y")).toEqual({});
  expect(readFilter("version=1.5")).toEqual({});
  expect(readFilter("workflow=No_Id&entry-point=%20x")).toEqual({});
});

test("the API is asked for no more than what is set", () => {
  expect(filterQuery({})).toEqual({});
  expect(filterQuery({ entryPoint: "x", after: "2026-11-01T00:00:00.000Z" })).toEqual({
    "entry-point": "x",
    "created-after": "2026-11-01T00:00:00.000Z",
  });
});
