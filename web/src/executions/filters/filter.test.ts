import { expect, test } from "vitest";
import { filterQuery, readFilter, writeFilter } from "./filter.ts";

test("a filter survives a round trip through the URL", () => {
  const filter = {
    workflow: "order-flow",
    status: "failed",
    version: 3,
    entryPoint: "orders/created",
    search: "answered 503",
    tag: "customer:42",
    payload: "/customer/id:42",
    after: "2026-11-01T00:00:00.000Z",
    before: "2026-12-01T00:00:00.000Z",
  } as const;
  expect(readFilter(writeFilter(filter))).toEqual(filter);
});

test("invalid values of the URL are omitted", () => {
  expect(readFilter("status=broken&version=-1&after=yesterday&workflow=&x=y")).toEqual({});
  expect(readFilter("version=1.5")).toEqual({});
  expect(readFilter("workflow=No_Id&entry-point=%20x")).toEqual({});
});

test("only filters that are set are sent to the API", () => {
  expect(filterQuery({})).toEqual({});
  expect(filterQuery({ entryPoint: "x", after: "2026-11-01T00:00:00.000Z" })).toEqual({
    "entry-point": "x",
    "created-after": "2026-11-01T00:00:00.000Z",
  });
});
