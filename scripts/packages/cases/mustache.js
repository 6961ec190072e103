import Mustache from "mustache";
export function run() {
  return Mustache.render("{{#a}}{{b}} {{/a}}{{^c}}none{{/c}}", { a: [{ b: "<" }, { b: 2 }] });
}
