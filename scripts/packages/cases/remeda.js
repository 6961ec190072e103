import * as R from "remeda";
export function run() {
  return R.pipe(
    [1, 2, 3, 4],
    R.filter((n) => n % 2 === 0),
    R.map((n) => n * 10),
    R.sumBy((n) => n),
  );
}
