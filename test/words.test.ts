import { expect, test } from "vitest";
import { findBannedWords, isChecked, readBannedWords } from "../scripts/check-words.ts";

const banned = {
  phrases: [{ pattern: "sees? to it", instead: "ensures" }],
  names: { createGate: "createLimiter", "gate-lost": "gate-unavailable" },
};

test("a banned phrase is found with its line, in any case and across the lines of a comment", () => {
  const content = "const one = 1;\n// The executor sees\n// to it.\n\nSee to it.\n";
  expect(findBannedWords(content, banned)).toEqual([
    { line: 2, text: "sees to it", instead: "ensures" },
    { line: 5, text: "See to it", instead: "ensures" },
  ]);
});

test("a former name is found as a whole identifier or code only", () => {
  const content = 'createGate();\nrecreateGate(createGates, creategate);\nfail("gate-lost");\n';
  expect(findBannedWords(content, banned)).toEqual([
    { line: 1, text: "createGate", instead: "createLimiter" },
    { line: 3, text: "gate-lost", instead: "gate-unavailable" },
  ]);
});

test("every banned phrase is a valid expression, and no replacement is banned", () => {
  const { phrases, names } = readBannedWords();
  expect(phrases.length).toBeGreaterThan(0);
  const replacements = [...phrases.map(({ instead }) => instead), ...Object.values(names)];
  expect(findBannedWords(replacements.join("\n"), readBannedWords())).toEqual([]);
});

test("recorded and generated files may contain former names", () => {
  const paths = ["bench/results/a.json", "test/golden/README.md", "package-lock.json"];
  expect(paths.filter(isChecked)).toEqual([]);
  expect(["README.md", "docs/decisions/0001-a.md", "wit/runtime.wit"].every(isChecked)).toBe(true);
});
