import { expect, test } from "vitest";
import type { FormError } from "../../components/form-errors.ts";
import { draftsOf, newRate, ratesOf } from "./rates-draft.ts";

test("rates of hosts are the same after a round trip through the form", () => {
  const rates = {
    "api.example.com": { limit: 10, period: "PT1S", burst: 3 },
    "db.example.com": { concurrency: 2 },
  };
  expect(ratesOf(draftsOf(rates))).toEqual(rates);
});

test("a rate without its period, a host that is listed twice and an empty row are reported at their fields", () => {
  const rows = [
    { ...newRate, host: "a.example", limit: "ten" },
    { ...newRate, host: "a.example", concurrency: "2" },
    newRate,
  ];
  try {
    ratesOf(rows);
    expect.unreachable();
  } catch (error) {
    expect((error as FormError).errors.map(({ pointer }) => pointer)).toEqual([
      "#/rates/0/limit",
      "#/rates/0/period",
      "#/rates/1/host",
      "#/rates/2/host",
      "#/rates/2/limit",
    ]);
  }
});
