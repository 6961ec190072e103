import LZString from "lz-string";
export function run() {
  const text = LZString.compressToEncodedURIComponent("hello hello hello");
  return [text, LZString.decompressFromEncodedURIComponent(text)];
}
