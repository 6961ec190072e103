import { Liquid } from "liquidjs";
export async function run() {
  return await new Liquid().parseAndRender(
    "{% for i in items %}{{ i.name | upcase }} {{ i.date | date: '%Y-%m-%d' }};{% endfor %}",
    { items: [{ name: "a", date: "2026-01-01T00:00:00Z" }] },
  );
}
