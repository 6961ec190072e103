import { match, P } from "ts-pattern";
export function run() {
  return match({ type: "a", value: 1 })
    .with({ type: "a", value: P.number }, ({ value }) => value + 1)
    .otherwise(() => 0);
}
