import { jsonrepair } from "jsonrepair";
export function run() {
  return jsonrepair("{a: 'b', c: [1, 2");
}
