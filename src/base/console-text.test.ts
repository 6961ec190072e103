import { expect, test } from "vitest";
import { consoleText } from "./console-text.ts";

const refused = {
  name: "TypeError",
  message: "refused",
  stack: "TypeError: refused\n    at send (orders.ts:3:9)",
};

test.each([
  ["texts and values", ["round", 1, { a: [true, null] }], 'round 1 {"a":[true,null]}'],
  ["nothing", [], ""],
  ["an error by its stack", ["failed:", refused], "failed: TypeError: refused\n    at send (orders.ts:3:9)"],
  [
    "what an error carries, and its causes, beneath it",
    [
      {
        name: "Error",
        message: "no",
        stack: "Error: no\n    at run (orders.ts:1:1)",
        code: "E1",
        cause: refused,
      },
    ],
    [
      "Error: no",
      "    at run (orders.ts:1:1) {",
      '  code: "E1",',
      "  [cause]: TypeError: refused",
      "      at send (orders.ts:3:9)",
      "}",
    ].join("\n"),
  ],
  [
    "errors inside of other values",
    [{ id: 1, error: refused, all: [refused] }],
    [
      "{",
      '  "id": 1,',
      '  "error": TypeError: refused',
      "      at send (orders.ts:3:9),",
      '  "all": [',
      "    TypeError: refused",
      "        at send (orders.ts:3:9)",
      "  ]",
      "}",
    ].join("\n"),
  ],
  [
    "what only looks like an error as JSON",
    [{ name: "a", message: "b", stack: 1 }],
    '{"name":"a","message":"b","stack":1}',
  ],
])("a console line as text shows %s", (_, values, text) => {
  expect(consoleText(values)).toBe(text);
});
