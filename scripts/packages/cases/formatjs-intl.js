import { createIntl } from "@formatjs/intl";
export function run() {
  const intl = createIntl({ locale: "en", messages: { a: "{n, plural, one {# item} other {# items}}" } });
  return [
    intl.formatMessage({ id: "a" }, { n: 2 }),
    intl.formatNumber(1234.5, { style: "currency", currency: "EUR" }),
  ];
}
