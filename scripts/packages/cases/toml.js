import * as toml from "toml";
export function run() {
  return toml.parse('a = 1\n[b]\nc = ["x", "y"]\n');
}
