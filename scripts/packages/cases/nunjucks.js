import nunjucks from "nunjucks";
export function run() {
  return nunjucks.renderString("{% for i in items %}{{ i | upper }}{{ ',' if not loop.last }}{% endfor %}", {
    items: ["a", "b"],
  });
}
