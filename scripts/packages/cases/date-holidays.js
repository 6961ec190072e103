import Holidays from "date-holidays";
export function run() {
  return new Holidays("DE", "BW").getHolidays(2026).map(({ date, name }) => [date, name]);
}
