import { parse } from "node-html-parser";
export function run() {
  const root = parse("<div id=a><p class='x y'>T &amp; U</p></div>");
  return [root.querySelector("p.x").text, root.toString()];
}
