import { JSDOM } from "jsdom";
export function run() {
  const { window } = new JSDOM("<p>Hello <b>you</b></p>");
  return window.document.querySelector("b").textContent;
}
