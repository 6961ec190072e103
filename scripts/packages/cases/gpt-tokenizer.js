import { countTokens, encode } from "gpt-tokenizer/encoding/cl100k_base";
export function run() {
  return [countTokens("Hello, world"), encode("tokens")];
}
