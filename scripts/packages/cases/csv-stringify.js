import { stringify } from "csv-stringify/sync";
export function run() {
  return stringify(
    [
      { a: 'x "y"', b: 1 },
      { a: "z", b: null },
    ],
    { header: true },
  );
}
