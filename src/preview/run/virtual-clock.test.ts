import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { ClockMode } from "../contract/preview.ts";
import { createVirtualClock } from "./virtual-clock.ts";

function clockThat(mode: ClockMode, isBlocked = () => false) {
  const rung: string[] = [];
  const clock = createVirtualClock({ startAt: 1_000, mode, isBlocked, onChange: () => {} });
  const ring = (name: string) => () => {
    rung.push(`${name} at ${clock.now()}`);
  };
  return { clock, rung, ring };
}

describe("a virtual clock", () => {
  test("that skips goes from one alarm to the next while the guest waits, and not before", async () => {
    const { clock, rung, ring } = clockThat("skip");
    clock.alarm(9_000, ring("late"));
    clock.alarm(5_000, ring("early"));
    clock.alarm(5_000, ring("with it"));
    await delay(5);
    expect(rung).toEqual([]);
    clock.setGuestWaiting(true);
    await delay(1);
    expect(rung).toEqual(["early at 5000", "with it at 5000", "late at 9000"]);
    expect(clock.isIdle).toBe(true);
  });

  test("does not skip for an alarm that nobody wants, and rings it in passing", async () => {
    const { clock, rung, ring } = clockThat("skip");
    clock.alarm(2_000, ring("given up")).isActive = false;
    clock.setGuestWaiting(true);
    await delay(1);
    expect([rung, clock.isIdle, clock.nextDue]).toEqual([[], true, undefined]);
    clock.alarm(3_000, ring("wanted"));
    await delay(1);
    expect(rung).toEqual(["given up at 3000", "wanted at 3000"]);
  });

  test("does not skip while somebody may act, until it is told to", async () => {
    const { clock, rung, ring } = clockThat("skip", () => true);
    clock.setGuestWaiting(true);
    clock.alarm(4_000, ring("timeout"));
    await delay(1);
    expect([rung, clock.isIdle]).toEqual([[], true]);
    clock.advance(500);
    await delay(1);
    expect([rung, clock.now()]).toEqual([[], 1_500]);
    clock.advanceToNext();
    await delay(1);
    expect(rung).toEqual(["timeout at 4000"]);
  });

  test("does not skip while work is done, unless that waits for the clock itself", async () => {
    const { clock, rung, ring } = clockThat("skip");
    clock.setGuestWaiting(true);
    const work = clock.work();
    clock.alarm(60_000, ring("alarm"));
    await delay(1);
    expect(rung).toEqual([]);
    await clock.wait(10_000, new AbortController().signal);
    expect([rung, clock.now()]).toEqual([[], 11_000]);
    work[Symbol.dispose]();
    work[Symbol.dispose]();
    await delay(1);
    expect(rung).toEqual(["alarm at 60000"]);
  });

  test("passes as usual while the network is asked, and stands again", async () => {
    const { clock, rung, ring } = clockThat("skip");
    using work = clock.work();
    const flow = clock.flow();
    clock.alarm(1_030, ring("timeout"));
    await delay(60);
    expect(rung).toHaveLength(1);
    flow[Symbol.dispose]();
    const stoodAt = clock.now();
    expect(stoodAt).toBeGreaterThanOrEqual(1_050);
    await delay(20);
    expect(clock.now()).toBe(stoodAt);
    expect(work).toBeDefined();
  });

  test("in real time takes its time, in manual mode none, and both go where they are told", async () => {
    const { clock, rung, ring } = clockThat("real");
    clock.setGuestWaiting(true);
    clock.alarm(1_040, ring("real"));
    await delay(10);
    expect(rung).toEqual([]);
    await delay(60);
    expect(rung).toHaveLength(1);
    clock.setMode("manual");
    const stoodAt = clock.now();
    clock.alarm(stoodAt + 100, ring("manual"));
    await delay(10);
    expect([rung.length, clock.now()]).toEqual([1, stoodAt]);
    clock.advance(99);
    await delay(1);
    expect([rung.length, clock.now()]).toEqual([1, stoodAt + 99]);
    clock.advance(1);
    await delay(1);
    expect(rung.at(-1)).toBe(`manual at ${stoodAt + 100}`);
  });

  test("waits no longer than somebody wants to know", async () => {
    const { clock } = clockThat("manual");
    const controller = new AbortController();
    const waiting = clock.wait(1_000, controller.signal);
    controller.abort(new Error("given up"));
    await expect(waiting).rejects.toThrow("given up");
    expect(clock.nextDue).toBeUndefined();
  });
});
