import chalk, { Chalk } from "chalk";
export function run() {
  return [chalk.red("a"), new Chalk({ level: 1 }).bold("b")];
}
