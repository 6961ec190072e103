import plist from "plist";
export function run() {
  return [
    plist.parse("<plist><dict><key>a</key><integer>1</integer></dict></plist>"),
    plist.build({ a: [1, "b"] }),
  ];
}
