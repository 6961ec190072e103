import * as yaml from "js-yaml";
export function run() {
  return [yaml.load("a: 1\nb:\n - 2026-01-01\n"), yaml.dump({ x: [1, { y: "ü" }] })];
}
