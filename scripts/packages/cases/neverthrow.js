import { ResultAsync, err, ok } from "neverthrow";
export async function run() {
  const result = await ResultAsync.fromPromise(Promise.resolve(2), String).andThen((n) =>
    n > 1 ? ok(n * 2) : err("small"),
  );
  return result.unwrapOr(0);
}
