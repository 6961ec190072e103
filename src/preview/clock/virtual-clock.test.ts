import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { ClockMode } from "../contract/preview.ts";
import { createVirtualClock } from "./virtual-clock.ts";

function clockThat(mode: ClockMode, isBlocked = () => false) {
  const fired: string[] = [];
  const clock = createVirtualClock({ startAt: 1_000, mode, isBlocked, onChange: () => {} });
  const fire = (name: string) => () => {
    fired.push(`${name} at ${clock.now()}`);
  };
  return { clock, fired, fire };
}

describe("a virtual clock", () => {
  test("in skip mode the clock jumps from timer to timer only while the guest waits", async () => {
    const { clock, fired, fire } = clockThat("skip");
    clock.schedule(9_000, fire("late"));
    clock.schedule(5_000, fire("early"));
    clock.schedule(5_000, fire("with it"));
    await delay(5);
    expect(fired).toEqual([]);
    clock.setGuestWaiting(true);
    await delay(1);
    expect(fired).toEqual(["early at 5000", "with it at 5000", "late at 9000"]);
    expect(clock.isIdle).toBe(true);
  });

  test("time is not skipped for an inactive timer, which fires when the clock passes it", async () => {
    const { clock, fired, fire } = clockThat("skip");
    clock.schedule(2_000, fire("inactive")).isActive = false;
    clock.setGuestWaiting(true);
    await delay(1);
    expect([fired, clock.isIdle, clock.nextDue]).toEqual([[], true, undefined]);
    clock.schedule(3_000, fire("active"));
    await delay(1);
    expect(fired).toEqual(["inactive at 3000", "active at 3000"]);
  });

  test("time is not skipped while external input is pending, unless the clock is advanced", async () => {
    const { clock, fired, fire } = clockThat("skip", () => true);
    clock.setGuestWaiting(true);
    clock.schedule(4_000, fire("timeout"));
    await delay(1);
    expect([fired, clock.isIdle]).toEqual([[], true]);
    clock.advance(500);
    await delay(1);
    expect([fired, clock.now()]).toEqual([[], 1_500]);
    clock.advanceToNext();
    await delay(1);
    expect(fired).toEqual(["timeout at 4000"]);
  });

  test("time is not skipped during work, unless the work waits for the clock", async () => {
    const { clock, fired, fire } = clockThat("skip");
    clock.setGuestWaiting(true);
    const work = clock.work();
    clock.schedule(60_000, fire("timer"));
    await delay(1);
    expect(fired).toEqual([]);
    await clock.wait(10_000, new AbortController().signal);
    expect([fired, clock.now()]).toEqual([[], 11_000]);
    work[Symbol.dispose]();
    work[Symbol.dispose]();
    await delay(1);
    expect(fired).toEqual(["timer at 60000"]);
  });

  test("time passes normally while a request is in flight, and then stands still again", async () => {
    const { clock, fired, fire } = clockThat("skip");
    using work = clock.work();
    const flow = clock.flow();
    clock.schedule(1_030, fire("timeout"));
    await delay(60);
    expect(fired).toHaveLength(1);
    flow[Symbol.dispose]();
    const stoodAt = clock.now();
    expect(stoodAt).toBeGreaterThanOrEqual(1_050);
    await delay(20);
    expect(clock.now()).toBe(stoodAt);
    expect(work).toBeDefined();
  });

  test("real time passes, manual time stands still, and both can be advanced", async () => {
    const { clock, fired, fire } = clockThat("real");
    clock.setGuestWaiting(true);
    clock.schedule(1_040, fire("real"));
    await delay(10);
    expect(fired).toEqual([]);
    await delay(60);
    expect(fired).toHaveLength(1);
    clock.setMode("manual");
    const stoodAt = clock.now();
    clock.schedule(stoodAt + 100, fire("manual"));
    await delay(10);
    expect([fired.length, clock.now()]).toEqual([1, stoodAt]);
    clock.advance(99);
    await delay(1);
    expect([fired.length, clock.now()]).toEqual([1, stoodAt + 99]);
    clock.advance(1);
    await delay(1);
    expect(fired.at(-1)).toBe(`manual at ${stoodAt + 100}`);
  });

  test("an aborted wait rejects with the reason of its signal", async () => {
    const { clock } = clockThat("manual");
    const controller = new AbortController();
    const waiting = clock.wait(1_000, controller.signal);
    controller.abort(new Error("given up"));
    await expect(waiting).rejects.toThrow("given up");
    expect(clock.nextDue).toBeUndefined();
  });
});
