import { marked } from "marked";
export function run() {
  return marked.parse("# T\n\n- a **b** `c`\n- [l](http://x.test)\n\n| a | b |\n|---|---|\n| 1 | 2 |");
}
