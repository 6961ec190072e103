import { evaluate, unit } from "mathjs";
export function run() {
  return [evaluate("sqrt(3^2 + 4^2)"), unit("5 cm").to("inch").toString(), String(evaluate("[1,2;3,4] * 2"))];
}
