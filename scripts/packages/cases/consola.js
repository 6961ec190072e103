import { createConsola } from "consola";
export function run() {
  const lines = [];
  createConsola({ reporters: [{ log: ({ type, args }) => lines.push([type, args]) }] }).info("a", { b: 1 });
  return lines;
}
