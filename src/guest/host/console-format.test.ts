import { expect, test } from "vitest";
import { formatted } from "./console-format.ts";

test.each([
  [
    ["plain", 1],
    ["plain", 1],
  ],
  [["100%"], ["100%"]],
  [
    ["100%", 1],
    ["100%", 1],
  ],
  [
    ["%s is %d, %i, %f", "Ann", "42.5", "42.5", "1.5x", "left"],
    ["Ann is 42.5, 42, 1.5", "left"],
  ],
  [["%o %O %j", { a: 1 }, [2n], "text"], ['{"a":1} ["2n"] "text"']],
  [["%cstyled%c %%", "color: red", ""], ["styled %"]],
  [["%s and %s", "one"], ["one and %s"]],
  [["%s %s", new Error("no").message, { a: [1] }], ['no {"a":[1]}']],
  [["%d %i %f %s", Symbol("s"), {}, Symbol("s"), Symbol("s")], ["NaN NaN NaN Symbol(s)"]],
  [["%d %i", 10n, 11n], ["10n 11n"]],
  [
    [1, "%s", 2],
    [1, "%s", 2],
  ],
  [[], []],
])("the console formats its arguments: %#", (args, written) => {
  expect(formatted(args)).toEqual(written);
});

test("a value that cannot be read causes no error", () => {
  const hostile = {
    [Symbol.toPrimitive]() {
      throw new Error("hidden");
    },
    get a() {
      throw new Error("hidden");
    },
  };
  expect(formatted(["%s %d %i %f %o %j", ...Array.from({ length: 6 }, () => hostile)])[0]).toContain(
    "unreadable",
  );
});
