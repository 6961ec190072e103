import { beforeAll, describe, expect, test } from "vitest";
import { createGuestRunner } from "./guest-runner.ts";

let play: Awaited<ReturnType<typeof createGuestRunner>>;
beforeAll(async () => {
  play = await createGuestRunner();
});

const run = (body: string): string => `export async function run(ctx) {\n${body}\n}`;

describe("setTimeout", () => {
  test("setTimeout with a delay is a timer of the host", () => {
    const source = run(
      "await new Promise((resolve) => setTimeout(resolve, 1500)); return performance.now();",
    );
    expect(play(source)).toMatchObject({ result: 1500, calls: ["timer 1500"], turns: 2 });
  });

  test.each(["0", "-5", "NaN", "undefined", "null", "'soon'", "0.9"])(
    "setTimeout with the delay %s makes no host call",
    (delay) => {
      const source = run(`return new Promise((resolve) => setTimeout(resolve, ${delay}, "done"));`);
      expect(play(source)).toMatchObject({ result: "done", calls: [], turns: 1 });
    },
  );

  test.each([
    ["Infinity", 366 * 86_400_000],
    ["2 ** 40", 366 * 86_400_000],
    ["2 ** 31", 2 ** 31],
    ["'20'", 20],
    ["1.9", 1],
  ])("setTimeout with the delay %s waits %d ms", (delay, ms) => {
    const source = run(`setTimeout(() => {}, ${delay}); return 1;`);
    expect(play(source).calls).toEqual([`timer ${ms}`]);
  });

  test("setTimeout passes its arguments, and returns a positive integer", () => {
    const source = run(`
      const got = await new Promise((resolve) => { handle = setTimeout((...args) => resolve(args), 5, "a", "b"); });
      return { got, handle: Number.isInteger(handle) && handle > 0 };
    `);
    expect(play(`let handle;\n${source}`).result).toEqual({ got: ["a", "b"], handle: true });
  });

  test.each(["'code()'", "5", "null", "undefined", "{}"])(
    "setTimeout refuses %s as a callback",
    (callback) => {
      expect(play(run(`setTimeout(${callback}, 5);`)).failure).toMatchObject({ name: "TypeError" });
    },
  );

  test("pending microtasks run before a task without delay", () => {
    const source = run(`
      const order = [];
      setTimeout(() => order.push("first task"), 0);
      setTimeout(() => { order.push("second task"); queueMicrotask(() => order.push("job of it")); }, 0);
      queueMicrotask(() => order.push("job"));
      (async () => { for (let i = 0; i < 20; i += 1) await null; order.push("long chain"); })();
      await new Promise((resolve) => setTimeout(resolve, 0));
      return order;
    `);
    expect(play(source).result).toEqual(["job", "long chain", "first task", "second task", "job of it"]);
  });

  test("timers fire by time, and simultaneous ones in order", () => {
    const source = run(`
      const order = [];
      const after = (ms, name) => new Promise((resolve) => setTimeout(() => { order.push(name); resolve(); }, ms));
      await Promise.all([after(20, "c"), after(10, "a"), after(20, "d"), after(10, "b"), after(0, "now")]);
      return order;
    `);
    expect(play(source).result).toEqual(["now", "a", "b", "c", "d"]);
  });

  test("a loop that polls without a delay receives the result that it waits for", () => {
    const source = run(`
      let done = false;
      fetch("https://a.test/").then(() => { done = true; });
      while (!done) await new Promise((resolve) => setTimeout(resolve, 0));
      return "seen";
    `);
    expect(play(source).result).toBe("seen");
  });

  test("a setTimeout callback that throws fails the execution", () => {
    const source = run(
      "setTimeout(() => {\n  throw new Error('boom');\n}, 20); await new Promise(() => {});",
    );
    const { failure } = play(source);
    expect(failure?.message).toBe("boom");
    expect(failure?.stack).toMatch(/^at run \(workflow\.js:3:9\)/);
  });
});

describe("clearTimeout", () => {
  test("clearTimeout abandons a timer", () => {
    const source = run(
      "const handle = setTimeout(() => { throw 1; }, 20); await ctx.sleep(5); clearTimeout(handle); await ctx.sleep(50); return 1;",
    );
    expect(play(source)).toMatchObject({ result: 1, abandoned: [0] });
  });

  test("clearTimeout removes a task that has not run", () => {
    const source = run("clearTimeout(setTimeout(() => { throw 1; }, 0)); await ctx.sleep(5); return 1;");
    expect(play(source).result).toBe(1);
  });

  test.each(["undefined", "null", "999", "'x'", "{}", "Symbol.iterator"])(
    "clearTimeout ignores %s",
    (handle) => {
      const source = run(`try { clearTimeout(${handle}); } catch (error) { return error.name; } return 1;`);
      expect(play(source).result).toBe(handle === "Symbol.iterator" ? "TypeError" : 1);
    },
  );
});

describe("setInterval", () => {
  test("setInterval fires until it is cleared, even by its own callback", () => {
    const source = run(`
      const times = [];
      await new Promise((resolve) => {
        const handle = setInterval((step) => {
          times.push(performance.now() * step);
          if (times.length === 3) { clearInterval(handle); resolve(); }
        }, 100, 1);
      });
      await ctx.sleep(500);
      return times;
    `);
    expect(play(source)).toMatchObject({ result: [100, 200, 300], abandoned: [3] });
  });

  test("setInterval waits at least a millisecond", () => {
    const source = run(
      "await new Promise((resolve) => { const handle = setInterval(() => { clearInterval(handle); resolve(); }, 0); }); return 1;",
    );
    expect(play(source).calls[0]).toBe("timer 1");
  });

  test("a setInterval callback that throws fails the execution", () => {
    const source = run("setInterval(() => { throw new Error('tick'); }, 10); await new Promise(() => {});");
    expect(play(source).failure).toMatchObject({ message: "tick" });
  });
});

describe("queueMicrotask", () => {
  test("a microtask that throws fails the execution", () => {
    const source = run("queueMicrotask(() => { throw new Error('job'); }); await new Promise(() => {});");
    expect(play(source).failure).toMatchObject({ message: "job" });
  });
});

describe("ctx.sleep", () => {
  test("ctx.sleep accepts milliseconds, parts and ISO 8601", () => {
    const source = run(
      'await ctx.sleep(5); await ctx.sleep("1h30m"); await ctx.sleep("PT5M"); return performance.now();',
    );
    expect(play(source)).toMatchObject({
      result: 5_700_005,
      calls: ["sleep 5", "sleep 5400000", "sleep 300000"],
    });
  });

  test("ctx.sleep rejects an invalid duration without a host call", () => {
    const source = run(
      'return (await Promise.allSettled(["x", -1, NaN, null, "400d"].map((d) => ctx.sleep(d)))).map(({ reason }) => reason.name);',
    );
    expect(play(source)).toMatchObject({
      result: ["TypeError", "RangeError", "TypeError", "TypeError", "RangeError"],
      calls: [],
    });
  });

  test("ctx.sleep ends when its signal aborts", () => {
    const source = run(`
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error("enough")), 10);
      return ctx.sleep("1h", { signal: controller.signal }).catch((error) => [error.message, performance.now()]);
    `);
    expect(play(source)).toMatchObject({ result: ["enough", 10], abandoned: [1] });
  });

  test("ctx.sleep loses a race against a faster operation", () => {
    const source = run(
      'return Promise.race([ctx.sleep("1h").then(() => "slow"), ctx.sleep(10).then(() => "fast")]);',
    );
    expect(play(source).result).toBe("fast");
  });
});

describe("a timer of the top level", () => {
  test("a timer of the top level starts with the execution, before the workflow, and does not delay its end", () => {
    const body = run(`
      begun = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 40));
      return fired;
    `);
    const source = `const fired = [];
      let begun;
      setTimeout(() => fired.push(Date.now() - begun), 20);
      setInterval(() => fired.push("tick"), 15);\n${body}`;
    expect(play(source)).toMatchObject({
      result: ["tick", 20, "tick"],
      calls: ["timer 20", "timer 15", "timer 40", "timer 15", "timer 15"],
    });
  });

  test("a timer of the top level can be cleared at the top level, without a host call, and in the execution", () => {
    const source = `clearTimeout(setTimeout(() => {}, 20));
      const second = setInterval(() => {}, 30);\n${run("clearInterval(second); return 1;")}`;
    expect(play(source)).toMatchObject({ result: 1, calls: ["timer 30"], abandoned: [0] });
  });
});
