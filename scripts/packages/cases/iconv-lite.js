import iconv from "iconv-lite";
export function run() {
  return [
    iconv.encode("日本語 é", "shift_jis").toString("hex"),
    iconv.decode(Buffer.from("e9e0", "hex"), "win1252"),
    iconv.encodingExists("gb18030"),
  ];
}
