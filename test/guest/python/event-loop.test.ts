import { expect, test } from "vitest";
import { describePython, playPython as play } from "./python-runner.ts";

/** What libraries ask of the event loop of asyncio itself, and extreme arguments. */
describePython("the event loop of a Python workflow", () => {
  test("timers can be cancelled at any time, and may never fire", () => {
    const { result, calls } = play(`
import asyncio, math

async def value():
    await asyncio.sleep(1)
    return "value"

async def run(ctx, payload):
    loop = asyncio.get_running_loop()
    fired = []
    for delay in (0, -1, -math.inf, math.inf, 5):
        loop.call_later(delay, fired.append, "never").cancel()
    loop.call_at(loop.time() - 5, fired.append, "past")
    async with asyncio.timeout(math.inf):
        fired.append(await value())
    fired.append(await asyncio.wait_for(value(), math.inf))
    await asyncio.sleep(-math.inf)
    return fired
`);
    expect(result).toEqual(["past", "value", "value"]);
    expect(calls).toEqual(["timer 5000", "sleep 1000", "sleep 1000"]);
  });

  test("tasks can be made by a factory, also eagerly", () => {
    const { result } = play(`
import asyncio

async def run(ctx, payload):
    loop = asyncio.get_running_loop()
    before = loop.get_task_factory()
    order = []
    async def work(name):
        order.append(name)
        await asyncio.sleep(1)
        return name
    asyncio.create_task(work("lazy"))
    loop.set_task_factory(asyncio.eager_task_factory)
    task = asyncio.create_task(work("eager"), name="named")
    async with asyncio.TaskGroup() as group:
        grouped = group.create_task(work("grouped"))
    return [before, order, task.get_name(), await task, grouped.result()]
`);
    expect(result).toEqual([null, ["eager", "grouped", "lazy"], "named", "eager", "grouped"]);
  });

  test("what a workflow cannot do says what to use instead", () => {
    const { result } = play(`
import asyncio, queue

async def run(ctx, payload):
    loop = asyncio.get_running_loop()
    said = []
    for attempt in (lambda: asyncio.open_connection("a.test", 80),
                    lambda: asyncio.create_subprocess_exec("ls"),
                    lambda: loop.getaddrinfo("a.test", 80),
                    lambda: loop.add_signal_handler(2, print),
                    lambda: loop.set_exception_handler(print),
                    lambda: queue.SimpleQueue().get()):
        try:
            await attempt()
        except OSError as error:
            said.append(type(error).__name__ + ": " + str(error)[:30])
    return said
`);
    expect(result).toEqual([
      "UnavailableError: A workflow opens no sockets: u",
      "UnavailableError: A workflow starts no processes",
      "UnavailableError: A workflow opens no sockets: u",
      "UnavailableError: A workflow receives no signals",
      "UnavailableError: What a task raises and nothing",
      "UnavailableError: Nothing would end this wait, b",
    ]);
  });

  test("retry takes any factor that does not shorten waits below nothing", () => {
    const { result, calls } = play(`
async def run(ctx, payload):
    attempts = 0
    def failing():
        nonlocal attempts
        attempts += 1
        raise KeyError
    said = []
    for factor, tries in ((-2, 3), (float("nan"), 3), (1e200, 5), (0, 3)):
        try:
            await ctx.retry(failing, attempts=tries, delay=1, max_delay=8, factor=factor)
        except Exception as error:
            said.append(type(error).__name__)
    return [said, attempts]
`);
    expect(result).toEqual([["ValueError", "ValueError", "KeyError", "KeyError"], 8]);
    expect(calls).toHaveLength(6);
  });
});

describePython("the source of a Python workflow", () => {
  test("may begin with a byte order mark", () => {
    const files = { "other.py": "\ufeffx = 5\n" };
    const { result } = play("\ufefffrom other import x\nasync def run(ctx, payload): return x\n", { files });
    expect(result).toBe(5);
  });

  test("may be in a folder with the name of a module of the standard library", () => {
    const files = { "unittest/own.py": "x = 1\n" };
    const source = "from unittest import TestCase\nasync def run(ctx, payload): return TestCase.__name__\n";
    expect(play(source, { files }).result).toBe("TestCase");
  });

  test.each([
    ["parentheses", `x = ${"(".repeat(5_000)}1${")".repeat(5_000)}`, "too complex to parse"],
    ["an expression", `x = ${"1 + ".repeat(5_000)}1`, "during compilation"],
    ["half of a surrogate pair", "x = '\ud800'", "surrogates not allowed"],
  ])("that cannot be compiled because of %s is a syntax error of its file", (_, source, message) => {
    const { evaluationFailure } = play("import broken\n", { files: { "broken.py": source } });
    expect(evaluationFailure).toMatchObject({
      name: "SyntaxError",
      message: expect.stringContaining(message) as unknown,
      stack: "at broken.py:1:1\nat <module> (flow.py:1:1)",
    });
  });
});
