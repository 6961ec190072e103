import { getEncoding } from "js-tiktoken";
export function run() {
  const encoding = getEncoding("cl100k_base");
  return [encoding.encode("Hello, wörld! 日本語"), encoding.decode(encoding.encode("round trip"))];
}
