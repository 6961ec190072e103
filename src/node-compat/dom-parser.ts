/**
 * `DOMParser` for XML, which browser builds of SDKs use to parse responses. It supports neither a document nor
 * HTML.
 */
export { DOMParser, Node, XMLSerializer } from "@xmldom/xmldom";
