import { Effect, Option, Schedule } from "effect";
export async function run() {
  let tries = 0;
  const flaky = Effect.suspend(() => (++tries < 3 ? Effect.fail("no") : Effect.succeed(tries)));
  return [await Effect.runPromise(Effect.retry(flaky, Schedule.recurs(5))), Option.isSome(Option.some(1))];
}
