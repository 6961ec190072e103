import { add, allocate, dinero, toDecimal } from "dinero.js";
const EUR = { code: "EUR", base: 10, exponent: 2 };
export function run() {
  const price = dinero({ amount: 1000, currency: EUR });
  return [toDecimal(add(price, price)), allocate(price, [1, 1, 1]).map((part) => toDecimal(part))];
}
