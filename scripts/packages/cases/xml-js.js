import convert from "xml-js";
export function run() {
  return [
    convert.xml2js('<a b="1"><c>d</c></a>', { compact: true }),
    convert.js2xml({ a: { _attributes: { b: "1" }, c: { _text: "d" } } }, { compact: true }),
  ];
}
