import currency from "currency.js";
export function run() {
  return [
    currency("1,234.567").format(),
    currency(0.1).add(0.2).value,
    currency(10).distribute(3).map(String),
  ];
}
