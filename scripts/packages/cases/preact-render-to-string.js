import { h } from "preact";
import { renderToString } from "preact-render-to-string";
export function run() {
  return renderToString(h("p", { class: "a" }, "Hello ", h("b", null, "<you>")));
}
