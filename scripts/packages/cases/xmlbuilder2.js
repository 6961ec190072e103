import { convert, create } from "xmlbuilder2";
export function run() {
  return [
    create({ version: "1.0" }).ele("a", { b: "1" }).txt("c").up().end(),
    convert("<a><b>1</b></a>", { format: "object" }),
  ];
}
