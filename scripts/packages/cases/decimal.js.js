import { Decimal } from "decimal.js";
export function run() {
  return [
    new Decimal("0.1").plus("0.2").toString(),
    new Decimal(2).sqrt().toFixed(30),
    new Decimal(1).div(3).toDP(5, Decimal.ROUND_UP).toNumber(),
  ];
}
