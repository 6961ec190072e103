import * as he from "he";
export function run() {
  return [he.decode("&eacute;&#x1F600;&lt;"), he.encode("é<", { useNamedReferences: true })];
}
