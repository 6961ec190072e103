import { concatMap, from, lastValueFrom, of, scan, timer, toArray } from "rxjs";
export async function run() {
  return await lastValueFrom(
    from([1, 2, 3]).pipe(
      concatMap((n) => timer(1).pipe(concatMap(() => of(n)))),
      scan((a, b) => a + b),
      toArray(),
    ),
  );
}
