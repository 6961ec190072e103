import BigNumber from "bignumber.js";
export function run() {
  return [
    new BigNumber("1e30").plus(1).toFixed(),
    new BigNumber("1234567.891").toFormat(2),
    new BigNumber(255).toString(16),
  ];
}
