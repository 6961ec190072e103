import { parsePhoneNumberFromString } from "libphonenumber-js";
export function run() {
  const number = parsePhoneNumberFromString("030 123456", "DE");
  return [number.number, number.formatInternational(), number.isValid()];
}
