import { Parser, parseDocument } from "htmlparser2";
export function run() {
  const names = [];
  new Parser({ onopentag: (name) => names.push(name) }).end("<p>a<br>b<i>c");
  return [names, parseDocument("<a><b></b></a>").children.length];
}
