import { createElement, useState } from "react";
import { renderToStaticMarkup, renderToString } from "react-dom/server";
export function run() {
  function Greeting({ name }) {
    const [count] = useState(1);
    return createElement("p", { className: "a" }, `Hello ${name} `, count);
  }
  return [
    renderToString(createElement(Greeting, { name: "<you>" })),
    renderToStaticMarkup(createElement("b")),
  ];
}
