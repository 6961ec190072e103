import Handlebars from "handlebars";
export function run() {
  Handlebars.registerHelper("loud", (text) => text.toUpperCase());
  return Handlebars.compile(
    "{{#each items}}{{loud this}}{{#unless @last}}, {{/unless}}{{/each}} {{{raw}}} {{esc}}",
  )({ items: ["a", "b"], raw: "<b>", esc: "<i>" });
}
