import { createElement } from "react";
import { Body, Button, Head, Html, render } from "react-email";
export async function run() {
  const mail = createElement(
    Html,
    null,
    createElement(Head),
    createElement(Body, null, createElement(Button, { href: "https://a.test" }, "Go")),
  );
  return [await render(mail), await render(mail, { plainText: true })];
}
