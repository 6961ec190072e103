import Big from "big.js";
export function run() {
  return [new Big("0.1").plus("0.2").toString(), new Big(10).div(3).toFixed(8)];
}
