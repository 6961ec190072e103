import { Builder, parseStringPromise } from "xml2js";
export async function run() {
  const object = await parseStringPromise('<a x="1"><b>t</b><b>u</b></a>');
  return [object, new Builder().buildObject({ r: { $: { id: 1 }, c: ["x", "y"] } })];
}
