import { expect, test } from "vitest";
import { describePython, playPython as play } from "./python-runner.ts";

describePython("failures of Python workflows", () => {
  test("a failure has the author's frames, its causes and notes", () => {
    const { failure } = play(
      `
import helper

class OrderError(Exception):
    code = "order-missing"

async def load():
    try:
        helper.find({})
    except KeyError as error:
        error.add_note("while loading")
        raise OrderError("no order") from error

async def run(ctx, payload):
    try:
        await load()
    except OrderError:
        raise RuntimeError("cannot go on")
`,
      { files: { "helper.py": "def find(orders):\n    return orders['id']\n" } },
    );
    expect(failure).toEqual({
      name: "RuntimeError",
      message: "cannot go on",
      stack: "at run (flow.py:18:9)",
      cause: {
        name: "OrderError",
        message: "no order",
        code: "order-missing",
        stack: "at load (flow.py:12:9)\nat run (flow.py:16:9)",
        cause: {
          name: "KeyError",
          message: "'id'\nwhile loading",
          stack: "at find (helper.py:2:12)\nat load (flow.py:9:9)",
        },
      },
    });
  });

  test("the errors of a group are listed", () => {
    const { failure } = play(`
import asyncio

async def fail(number):
    raise ValueError(number)

async def run(ctx, payload):
    async with asyncio.TaskGroup() as group:
        group.create_task(fail(1))
        group.create_task(fail(2))
`);
    expect(failure).toMatchObject({
      name: "ExceptionGroup",
      message: "unhandled errors in a TaskGroup (2 sub-exceptions)",
      errors: [
        { name: "ValueError", message: "1", stack: "at fail (flow.py:5:5)" },
        { name: "ValueError", message: "2" },
      ],
    });
  });

  test("a syntax error has its place, also in an imported module", () => {
    expect(play("async def run(ctx:\n    pass\n").evaluationFailure).toMatchObject({
      name: "SyntaxError",
      message: "'(' was never closed",
      stack: "at flow.py:1:14",
    });
    const { evaluationFailure } = play("import broken\n", { files: { "broken.py": "def f():\nreturn 1\n" } });
    expect(evaluationFailure?.name).toBe("IndentationError");
    expect(evaluationFailure?.stack).toBe("at broken.py:2:1\nat <module> (flow.py:1:1)");
  });

  test("a workflow without run, and one whose top level fails, say so", () => {
    expect(play("x = 1").evaluationFailure).toMatchObject({
      name: "MissingRun",
      message: "The workflow does not define run: write `async def run(ctx, payload): …`",
    });
    expect(play("run = 1").evaluationFailure?.message).toBe(
      "The workflow has a run that is no function but of type int",
    );
    expect(play("import sys\nsys.exit(3)").evaluationFailure).toEqual({
      name: "SystemExit",
      message: "The workflow called sys.exit(3): return from run(), or raise an exception",
      stack: "at <module> (flow.py:2:1)",
    });
  });

  test("run may be a plain function, and may leave out its parameters", () => {
    expect(play("def run(ctx): return ctx.version").result).toBe(3);
    expect(play("async def run(): return 5").result).toBe(5);
    expect(
      play("class Flow:\n  async def run(self, ctx, payload): return payload\nrun = Flow().run", {
        payload: 7,
      }).result,
    ).toBe(7);
  });

  test.each([
    [
      "raise SystemExit",
      "SystemExit",
      "The workflow called sys.exit(None): return from run(), or raise an exception",
    ],
    ["raise KeyboardInterrupt", "KeyboardInterrupt", ""],
    ["raise GeneratorExit('x')", "GeneratorExit", "x"],
    ["raise BaseException('base')", "BaseException", "base"],
    ["raise StopIteration(1)", "RuntimeError", "coroutine raised StopIteration"],
    ["raise Broken", "Broken", "[Broken.__str__ raised ZeroDivisionError]"],
    ["raise Liar", "Liar", "[Liar.__str__ raised TypeError]"],
    ["raise Attributes('x')", "Attributes", "x"],
    ["import nowhere", "ModuleNotFoundError", "No module named 'nowhere'"],
    ["assert payload, 'no payload'", "AssertionError", "no payload"],
    ["eval('1 +')", "SyntaxError", "invalid syntax"],
    ["recurse(0)", "RecursionError", "maximum recursion depth exceeded"],
    ["sys.setrecursionlimit(10**9); recurse(0)", "RecursionError", "maximum recursion depth exceeded"],
    [
      "json.loads('[' * 100000)",
      "RecursionError",
      "maximum recursion depth exceeded while decoding a JSON array from a unicode string",
    ],
    ["raise deep_chain()", "ValueError", "0"],
    ["raise MemoryError", "MemoryError", "out of memory"],
    ["raise ValueError('\\\\ud800 x')", "ValueError", "\\ud800 x"],
    ["raise ValueError('x' * 100_000)", "ValueError", expect.stringContaining("… (67232 more characters)")],
  ])("%s ends the execution with its name", (statement, name, message) => {
    const { failure } = play(`
import json, sys

class Broken(Exception):
    def __str__(self):
        return 1 / 0

class Liar(Exception):
    def __str__(self):
        return 5

class Attributes(Exception):
    @property
    def code(self):
        raise SystemExit
    def __getattribute__(self, name):
        if name == "__notes__":
            raise BufferError
        return super().__getattribute__(name)

def recurse(depth):
    return recurse(depth + 1) + 1

def deep_chain():
    error = None
    for number in range(5000, -1, -1):
        new = ValueError(number)
        new.__cause__ = error
        error = new
    return error

async def run(ctx, payload):
    ${statement}
`);
    expect(failure?.name).toBe(name);
    expect(failure?.message).toEqual(message);
    expect(Buffer.byteLength(JSON.stringify(failure))).toBeLessThanOrEqual(64 * 1024);
  });

  test("a workflow that breaks the interpreter harms only itself", () => {
    const { failure, result } = play(`
import _duranium, builtins, json, sys, traceback

async def run(ctx, payload):
    for module in list(sys.modules):
        if module not in ("sys", "builtins"):
            sys.modules[module] = None
    for name in ("isinstance", "getattr", "str", "len", "type", "print"):
        setattr(builtins, name, None)
    json.JSONEncoder.encode = traceback.TracebackException = None
    raise ValueError("broken")
`);
    expect(result).toBeUndefined();
    expect(failure).toMatchObject({ name: expect.any(String), message: expect.any(String) });
  });
});
