import prettyMilliseconds from "pretty-ms";
export function run() {
  return [prettyMilliseconds(1_337_000_000), prettyMilliseconds(1337, { verbose: true })];
}
