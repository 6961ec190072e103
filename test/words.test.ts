import { expect, test } from "vitest";
import { findBannedWords, isChecked, readBannedWords } from "../scripts/check-words.ts";

const banned = {
  phrases: [{ pattern: "sees? to it", instead: "ensures" }],
  pendingPhrases: [{ pattern: "now and then", instead: "periodically" }],
  cleanFolders: ["src/host/"],
  names: { createGate: "createLimiter", "gate-lost": "gate-unavailable" },
};

test("a banned phrase is found with its line, in any case and across the lines of a comment", () => {
  const content = "const one = 1;\n// The executor sees\n// to it.\n\nSee to it.\n";
  expect(findBannedWords("src/a.ts", content, banned)).toEqual([
    { line: 2, text: "sees to it", instead: "ensures" },
    { line: 5, text: "See to it", instead: "ensures" },
  ]);
});

test("a former name is found as a whole identifier or code only", () => {
  const content = 'createGate();\nrecreateGate(createGates, creategate);\nfail("gate-lost");\n';
  expect(findBannedWords("src/a.ts", content, banned)).toEqual([
    { line: 1, text: "createGate", instead: "createLimiter" },
    { line: 3, text: "gate-lost", instead: "gate-unavailable" },
  ]);
});

test("a pending phrase is banned in clean folders and allowed elsewhere", () => {
  const content = "It polls now and then.\n";
  expect(findBannedWords("src/host/a.ts", content, banned)).toHaveLength(1);
  expect(findBannedWords("src/api/a.ts", content, banned)).toEqual([]);
});

test("every banned phrase is a valid expression, and no replacement is banned", () => {
  const { phrases, pendingPhrases, cleanFolders, names } = readBannedWords();
  expect(cleanFolders.length + phrases.length).toBeGreaterThan(0);
  const instead = [...phrases, ...pendingPhrases].map((phrase) => phrase.instead).join("\n");
  expect(
    findBannedWords(
      cleanFolders[0] ?? "",
      `${instead}\n${Object.values(names).join("\n")}`,
      readBannedWords(),
    ),
  ).toEqual([]);
});

test("changelog, decisions and golden journals may quote former names", () => {
  const paths = ["CHANGELOG.md", "docs/decisions/0001-a.md", "test/golden/README.md"];
  expect(paths.filter(isChecked)).toEqual([]);
  expect(["README.md", "src/main.ts", "wit/runtime.wit"].every(isChecked)).toBe(true);
});
