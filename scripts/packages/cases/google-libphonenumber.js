import libphonenumber from "google-libphonenumber";
export function run() {
  const util = libphonenumber.PhoneNumberUtil.getInstance();
  const number = util.parse("030 123456", "DE");
  return [util.format(number, libphonenumber.PhoneNumberFormat.E164), util.isValidNumber(number)];
}
