import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createTimerQueue } from "./timer-queue.ts";

interface Model {
  readonly time: number;
  readonly name: string;
  isActive: boolean;
  isGone: boolean;
}

test("timers fire by time, then in the order of adding, whichever are cancelled or inactive", () => {
  const change = fc.record({ of: fc.nat(20), does: fc.constantFrom("cancel", "unwant", "want") });
  fc.assert(
    fc.property(
      fc.array(fc.nat(6), { maxLength: 20 }),
      fc.array(change),
      fc.nat(6),
      (times, changes, end) => {
        const queue = createTimerQueue();
        const fired: string[] = [];
        const models: Model[] = times.map((time, number) => {
          return { time, name: `${number}`, isActive: true, isGone: false };
        });
        const timers = models.map(({ time, name }) => queue.add(time, () => fired.push(name)));
        for (const { of, does } of changes) {
          const [timer, model] = [timers[of], models[of]];
          if (timer === undefined || model === undefined) continue;
          if (does === "cancel") timer.cancel();
          else timer.isActive = does === "want";
          model.isGone ||= does === "cancel";
          model.isActive = does === "want" || (does === "cancel" && model.isActive);
        }
        const left = models.filter(({ isGone }) => !isGone).toSorted((a, b) => a.time - b.time);
        expect(queue.due).toBe(left[0]?.time);
        expect(queue.nextActiveDue).toBe(left.find(({ isActive }) => isActive)?.time);
        for (let due = queue.take(end); due !== undefined; due = queue.take(end)) due.fire();
        expect(fired).toEqual(left.filter(({ time }) => time <= end).map(({ name }) => name));
      },
    ),
  );
});
