import { expect, test } from "vitest";
import type { ExecutionId } from "../domain/ids.ts";
import { createLogStreamQuota } from "./log-stream-quota.ts";

const of = (executionId: string, keyId = "key") => ({ executionId: executionId as ExecutionId, keyId });
const [one, two] = [of("inv_one"), of("inv_two")];

test("the log streams of one execution are limited, and a closed stream frees its place", () => {
  const followers = createLogStreamQuota({ maxFollowers: 9, maxPerExecution: 2 });
  const first = followers.enter(one);
  followers.assertCapacity(one);
  followers.enter(one);
  expect(() => followers.assertCapacity(one)).toThrow(/limit of 2 streams of execution "inv_one"/);
  expect(followers.enter(one)).toBeUndefined();
  followers.assertCapacity(two);
  first?.[Symbol.dispose]();
  followers.assertCapacity(one);
  expect(followers.enter(one)).toBeDefined();
});

test("the log streams of all executions together are limited", () => {
  const followers = createLogStreamQuota({ maxFollowers: 2, maxPerExecution: 2 });
  followers.enter(one);
  const second = followers.enter(two);
  expect(() => followers.assertCapacity(two)).toThrow(
    /limit of 2 streams of this process is reached \(maxLogStreams\)/,
  );
  expect(followers.enter(two)).toBeUndefined();
  second?.[Symbol.dispose]();
  followers.assertCapacity(two);
  expect(followers.enter(two)).toBeDefined();
});

test("the log streams of one key are limited over all executions", () => {
  const followers = createLogStreamQuota({ maxFollowers: 4, maxPerKey: 2 });
  const first = followers.enter(one);
  followers.enter(two);
  expect(() => followers.assertCapacity(of("inv_three"))).toThrow(
    /limit of 2 streams of this API key is reached \(maxLogStreamsPerKey\)/,
  );
  expect(followers.enter(of("inv_three"))).toBeUndefined();
  expect(followers.enter(of("inv_three", "another key"))).toBeDefined();
  first?.[Symbol.dispose]();
  expect(followers.enter(one)).toBeDefined();
});
