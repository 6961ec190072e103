import { csvFormat, csvParse } from "d3-dsv";
export function run() {
  return [csvParse('a,b\n1,"x, y"'), csvFormat([{ a: 1, b: "x,y" }])];
}
