import { expect, test } from "vitest";
import { describePython, playPython as play } from "./python-runner.ts";

/** A task fails while `run` sleeps, and then `run` ends so. */
const withFailedTask = (end: string): string => `
import asyncio

async def background():
    raise ValueError("late")

async def run(ctx, payload):
    task = asyncio.create_task(background(), name="work")
    run.kept = task
    await ctx.sleep(1)
${end}
`;

const flood = `
import asyncio

async def run(ctx, payload):
    await asyncio.gather(*(ctx.sleep(1) for _ in range(2000)), return_exceptions=True)
`;

describePython("asyncio", () => {
  test("the parts that people know work", () => {
    const { result, calls } = play(`
import asyncio, contextvars, time

order = contextvars.ContextVar("order", default=0)

async def job(number, seconds=0):
    await asyncio.sleep(seconds)
    return number

async def producer(queue):
    for number in range(3):
        await queue.put(number)
    await queue.put(None)

async def consumer(queue):
    seen = []
    while (item := await queue.get()) is not None:
        seen.append(item)
    return seen

async def generator():
    for number in range(3):
        await asyncio.sleep(0)
        yield number

async def run(ctx, payload):
    out = {}
    out["gather"] = await asyncio.gather(job(1, 2), job(2, 1), job(3))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(job(number)) for number in range(3)]
    out["group"] = [task.result() for task in tasks]
    queue = asyncio.Queue(maxsize=1)
    out["queue"] = (await asyncio.gather(producer(queue), consumer(queue)))[1]
    out["completed"] = [await done for done in asyncio.as_completed([job(1, 0.3), job(2, 0.1)])]
    done, pending = await asyncio.wait([asyncio.create_task(job(1, 0.1)), asyncio.create_task(job(2, 9))],
                                       return_when=asyncio.FIRST_COMPLETED)
    out["wait"] = [len(done), len(pending)]
    for task in pending:
        task.cancel()
    try:
        await asyncio.wait_for(job(1, 60), timeout=1)
    except asyncio.TimeoutError:
        out["wait_for"] = "timeout"
    try:
        async with asyncio.timeout(0.5):
            await asyncio.Event().wait()
    except TimeoutError:
        out["timeout"] = "timeout"
    lock, semaphore, event = asyncio.Lock(), asyncio.Semaphore(2), asyncio.Event()
    async def locked(number):
        async with lock, semaphore:
            await asyncio.sleep(0)
            event.set()
            return number
    out["lock"] = await asyncio.gather(*(locked(number) for number in range(4)), event.wait())
    out["thread"] = await asyncio.to_thread(lambda: order.get() + 5)
    out["executor"] = await asyncio.get_running_loop().run_in_executor(None, sum, [1, 2])
    inner = asyncio.create_task(job("kept"))
    outer = asyncio.shield(inner)
    outer.cancel()
    out["shield"] = await inner
    out["comprehension"] = [number async for number in generator()]
    order.set(1)
    async def in_context():
        return order.get()
    out["context"] = await asyncio.create_task(in_context())
    fired = []
    loop = asyncio.get_running_loop()
    loop.call_later(0.2, fired.append, "later")
    loop.call_soon(fired.append, "soon")
    handle = loop.call_later(0.1, fired.append, "never")
    handle.cancel()
    await asyncio.sleep(1)
    out["callbacks"] = fired
    start = time.monotonic()
    await asyncio.sleep(2)
    out["elapsed"] = [round(time.monotonic() - start, 3), round(loop.time(), 1) > 0]
    barrier = asyncio.Barrier(2)
    out["barrier"] = sorted(await asyncio.gather(barrier.wait(), barrier.wait()))
    return out
`);
    expect(result).toEqual({
      gather: [1, 2, 3],
      group: [0, 1, 2],
      queue: [0, 1, 2],
      completed: [2, 1],
      wait: [1, 1],
      wait_for: "timeout",
      timeout: "timeout",
      lock: [0, 1, 2, 3, true],
      thread: 5,
      executor: 3,
      shield: "kept",
      comprehension: [0, 1, 2],
      context: 1,
      callbacks: ["soon", "later"],
      elapsed: [2, true],
      barrier: [0, 1],
    });
    expect(calls.slice(0, 2)).toEqual(["sleep 2000", "sleep 1000"]);
  });

  test("polling with sleep(0) for an answer lets the turn end", () => {
    const { result, turns } = play(`
import asyncio
from duranium import fetch

async def run(ctx, payload):
    task = asyncio.create_task(fetch("https://a.test/"))
    rounds = 0
    while not task.done():
        await asyncio.sleep(0)
        rounds += 1
    return rounds > 1000
`);
    expect(result).toBe(true);
    expect(turns).toBeLessThan(20);
  });

  test("a task that fails and that nothing awaits fails the execution", () => {
    const { failure, lines } = play(`
import asyncio

async def background():
    await asyncio.sleep(1)
    raise ValueError("lost")

async def run(ctx, payload):
    asyncio.create_task(background())
    await ctx.sleep("1h")
`);
    expect(failure).toEqual({ name: "ValueError", message: "lost", stack: "at background (flow.py:6:5)" });
    expect(lines).toEqual([
      ["error", "Task exception was never retrieved: ValueError: lost\n    at background (flow.py:6:5)"],
    ]);
  });

  test("a failed task can be awaited later, and counts when run has returned", () => {
    const awaited = play(
      withFailedTask(`    return repr((await asyncio.gather(task, return_exceptions=True))[0])`),
    );
    expect(awaited.result).toBe("ValueError('late')");
    const returned = play(withFailedTask("    return 1"));
    expect(returned.failure).toMatchObject({ name: "ValueError", message: "late" });
  });

  test("unhandled_errors = 'warn' only writes them to the console", () => {
    const { result, lines } = play(`
import asyncio

unhandled_errors = "warn"

async def background():
    raise ValueError("ignored")

async def run(ctx, payload):
    asyncio.create_task(background())
    asyncio.get_running_loop().call_soon(lambda: 1 / 0)
    await ctx.sleep(1)
    return "done"
`);
    expect(result).toBe("done");
    expect(lines).toHaveLength(2);
  });

  test("asyncio.run and further loops are refused with what to do", () => {
    const { result } = play(`
import asyncio

async def nothing():
    pass

async def run(ctx, payload):
    said = []
    for attempt in (lambda coroutine: asyncio.run(coroutine),
                    lambda coroutine: asyncio.get_event_loop().run_until_complete(coroutine),
                    lambda coroutine: asyncio.new_event_loop()):
        coroutine = nothing()
        try:
            attempt(coroutine)
        except Exception as error:
            said.append(str(error))
        coroutine.close()
    return said
`);
    expect(result).toEqual([
      "asyncio.run() cannot be called from a running event loop",
      "The event loop runs already: write `await` in run(ctx, payload)",
      "A workflow has one event loop, which Duranium runs: define `async def run(ctx, payload)` and await in it",
    ]);
  });

  test("cancellation raises CancelledError in run, and clean-up can make calls", () => {
    const { failure, calls, lines } = play(
      `
import asyncio
from duranium import fetch

async def work(name):
    try:
        await asyncio.sleep(60)
    finally:
        await fetch(f"https://a.test/{name}")
        print("cleaned", name)

async def run(ctx, payload):
    asyncio.create_task(work("background"))
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(work("first"))
            group.create_task(work("second"))
            await ctx.wait_for_event("never")
    finally:
        await ctx.sleep(1)
        print("done", asyncio.current_task().cancelling())
`,
      { cancelAfterMs: 500 },
    );
    expect(failure).toMatchObject({
      name: "CancelledError",
      message: "The execution was cancelled",
      code: "cancelled",
    });
    expect(calls.slice(4).toSorted()).toEqual([
      "fetch GET https://a.test/background",
      "fetch GET https://a.test/first",
      "fetch GET https://a.test/second",
      "sleep 1000",
    ]);
    expect(lines.map(([, line]) => String(line)).toSorted()).toEqual([
      "cleaned background",
      "cleaned first",
      "cleaned second",
      "done 1",
    ]);
  });

  test("a task that was cancelled by the workflow is no cancelled execution", () => {
    const { failure } = play(`
import asyncio

async def run(ctx, payload):
    task = asyncio.create_task(asyncio.sleep(5))
    await asyncio.sleep(0)
    task.cancel()
    await task
`);
    expect(failure).toEqual({
      name: "CancelledError",
      message: "A task was cancelled, and run() awaited it",
      stack: "at run (flow.py:8:5)",
    });
  });

  test("more host calls at once than the limit end the execution with its name", () => {
    expect(() => play(flood)).toThrow(
      "Too many host calls in one turn: 1001, and the limit is 1000 (callsInFlight)",
    );
  });
});
