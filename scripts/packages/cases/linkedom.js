import { parseHTML } from "linkedom";
export function run() {
  const { document } = parseHTML("<p>Hello <b>you</b></p>");
  return [document.querySelector("b").textContent, document.toString()];
}
