import { parse } from "dotenv";
export function run() {
  return parse("A=1\nB=\"two words\"\n# c\nD='x'");
}
