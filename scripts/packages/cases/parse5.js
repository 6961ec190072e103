import { parseFragment, serialize } from "parse5";
export function run() {
  return serialize(parseFragment("<p>a<p>b<table><tr><td>c"));
}
