import { expect, test } from "vitest";
import type { ExecutionId } from "../domain/ids.ts";
import { createLogFollowers } from "./log-followers.ts";

const [one, two] = ["inv_one", "inv_two"] as [ExecutionId, ExecutionId];

test("as many follow one execution as may, and one more does when one has left", () => {
  const followers = createLogFollowers({ maxFollowers: 9, maxPerExecution: 2 });
  const first = followers.enter(one);
  followers.requireRoom(one);
  followers.enter(one);
  expect(() => followers.requireRoom(one)).toThrow(/"inv_one" is followed by 2 readers already/);
  expect(followers.enter(one)).toBeUndefined();
  followers.requireRoom(two);
  first?.[Symbol.dispose]();
  followers.requireRoom(one);
  expect(followers.enter(one)).toBeDefined();
});

test("as many follow all executions together as may", () => {
  const followers = createLogFollowers({ maxFollowers: 2, maxPerExecution: 2 });
  followers.enter(one);
  const second = followers.enter(two);
  expect(() => followers.requireRoom(two)).toThrow(
    /logs are followed by 2 readers already \(maxLogFollowers\)/,
  );
  expect(followers.enter(two)).toBeUndefined();
  second?.[Symbol.dispose]();
  followers.requireRoom(two);
  expect(followers.enter(two)).toBeDefined();
});
