import ejs from "ejs";
export function run() {
  return ejs.render("<% for (const x of items) { %><li><%= x %></li><% } %>", { items: ["<", 2] });
}
