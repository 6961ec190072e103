import { decodeHTML, encodeXML } from "entities";
export function run() {
  return [decodeHTML("&auml;&amp"), encodeXML("<ä>")];
}
