import { XMLBuilder, XMLParser, XMLValidator } from "fast-xml-parser";
export function run() {
  const object = new XMLParser({ ignoreAttributes: false }).parse('<a x="1"><b>t</b><b>u &amp; v</b></a>');
  return [
    object,
    new XMLBuilder({ ignoreAttributes: false }).build(object),
    XMLValidator.validate("<a>") === true,
  ];
}
