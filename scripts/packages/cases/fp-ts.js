import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
export function run() {
  return pipe(
    E.right(1),
    E.map((value) => value + 1),
    E.getOrElse(() => 0),
  );
}
