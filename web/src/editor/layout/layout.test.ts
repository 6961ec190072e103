import { expect, test } from "vitest";
import { readLayout, storeLayout, usualLayout } from "./layout.ts";

function storageWith(text: string | null) {
  let stored = text;
  return { getItem: () => stored, setItem: (_key: string, value: string) => void (stored = value) };
}

test("a stored layout is read again", () => {
  const storage = storageWith(null);
  const layout = { resultsPercent: 60, areResultsOpen: false, isFileListOpen: true };
  storeLayout(storage, layout);
  expect(readLayout(storage)).toEqual(layout);
});

test.each([[null], ["nonsense"], ["7"], ['{"resultsPercent":"x"}']])("%s is the usual layout", (text) => {
  expect(readLayout(storageWith(text))).toEqual(usualLayout);
});

test("a height beyond the limits is brought within them", () => {
  expect(readLayout(storageWith('{"resultsPercent":400}')).resultsPercent).toBe(85);
});
