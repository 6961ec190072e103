import validator from "validator";
export function run() {
  return [
    validator.isEmail("a@b.co"),
    validator.isIBAN("DE89370400440532013000"),
    validator.escape("<a>"),
    validator.isCreditCard("4111111111111111"),
  ];
}
