import { expect, test } from "vitest";
import { FormError } from "../../components/form-errors.ts";
import { definitionOf, newDraft, specOf } from "./schedule-draft.ts";

const draft = { ...newDraft("reports", "Europe/Berlin"), id: "nightly" };

test("a draft becomes a definition without the fields that are empty", () => {
  expect(definitionOf(draft)).toEqual({
    workflowId: "reports",
    spec: { cron: ["0 9 * * 1-5"], timeZone: "Europe/Berlin" },
    overlap: "skip",
  });
});

test("only the chosen source of instants is used, and lines are trimmed", () => {
  const typed = { ...draft, cron: "@daily\n\n 0 9 * * 1 ", every: "5m", offset: "30s" };
  expect(specOf(typed).cron).toEqual(["@daily", "0 9 * * 1"]);
  expect(specOf({ ...typed, source: "every" })).toEqual({
    every: "PT5M",
    offset: "PT30S",
    timeZone: "Europe/Berlin",
  });
});

test("dates without runs are single days or ranges", () => {
  expect(specOf({ ...draft, skip: "2026-12-24\n2026-12-31 .. 2027-01-01" }).skip).toEqual([
    "2026-12-24",
    { from: "2026-12-31", to: "2027-01-01" },
  ]);
});

test("all fields that cannot be read are reported at once", () => {
  const typed = { ...draft, id: " ", payload: "{", remaining: "many" };
  expect(() => definitionOf(typed)).toThrow(FormError);
  try {
    definitionOf(typed);
  } catch (error) {
    const { errors } = error as FormError;
    expect(errors.map(({ pointer, parameter }) => pointer ?? parameter)).toEqual([
      "#/payload",
      "scheduleId",
      "#/remaining",
    ]);
  }
});
