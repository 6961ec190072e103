import numeral from "numeral";
export function run() {
  return [numeral(1234.5).format("0,0.00"), numeral(0.25).format("0%")];
}
