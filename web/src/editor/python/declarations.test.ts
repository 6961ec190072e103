import { expect, test } from "vitest";
/* oxlint-disable-next-line import/default -- Vite makes a text of what is imported with `?raw` */
import stub from "#python/__init__.pyi?raw";
import { classOf, missingImport, readDeclarations } from "./declarations.ts";

test("the stub file of duranium declares its functions, classes and members, each with a sentence", () => {
  const { module, members } = readDeclarations(stub);
  expect(module.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["fetch", "retry", "WorkflowContext"]),
  );
  const sleep = members.get("WorkflowContext")?.find(({ name }) => name === "sleep");
  expect(sleep).toEqual({
    name: "sleep",
    kind: "function",
    signature: "async def sleep(duration: Duration) -> None",
    about: 'Waits without using memory, also for months: `await ctx.sleep("5m")`.',
  });
  const all = [...module, ...[...members.values()].flat()];
  expect(all.filter(({ about }) => about === "").map(({ name }) => name)).toEqual([]);
});

test("the class before a dot follows from names", () => {
  const text = "response = await fetch(url)\ndone = ctx.create_callback()\n";
  expect(
    ["ctx", "ctx.state", "ctx.secrets", "response", "done", "other"].map((each) => classOf(each, text)),
  ).toEqual(["WorkflowContext", "State", "Secrets", "Response", "Callback", undefined]);
});

test("a name is imported where it is missing", () => {
  expect(missingImport("from duranium import fetch\n", "fetch")).toBeUndefined();
  expect(missingImport("import json\nfrom duranium import fetch\n", "retry")).toEqual({
    line: 2,
    column: 27,
    text: ", retry",
  });
  expect(missingImport('"""Text\nof it.\n"""\n\nimport json\n', "fetch")).toEqual({
    line: 5,
    column: 1,
    text: "from duranium import fetch\n",
  });
});
