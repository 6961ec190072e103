import bwipjs from "bwip-js/generic";
export function run() {
  return bwipjs.toSVG({ bcid: "code128", text: "0123456789" }).length;
}
