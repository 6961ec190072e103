import { sha256 } from "hash-wasm";
export async function run() {
  return await sha256("text");
}
