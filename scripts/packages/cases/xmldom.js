import { DOMParser, XMLSerializer } from "@xmldom/xmldom";
import xpath from "xpath";
export function run() {
  const document = new DOMParser().parseFromString("<a><b c='1'>d</b></a>", "text/xml");
  return [xpath.select1("string(//b/@c)", document), new XMLSerializer().serializeToString(document)];
}
