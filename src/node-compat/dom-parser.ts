/** `DOMParser` for XML, with which browser builds of SDKs read their answers. There is no document, and no HTML. */
export { DOMParser, Node, XMLSerializer } from "@xmldom/xmldom";
