import { addMonths, differenceInCalendarDays, format, formatDistance, parse } from "date-fns";
import { de } from "date-fns/locale";
export function run() {
  const date = new Date(Date.UTC(2026, 0, 31, 12));
  return [
    format(addMonths(date, 1), "yyyy-MM-dd EEEE", { locale: de }),
    differenceInCalendarDays(date, 0),
    formatDistance(date, 0),
    parse("02/03/2026", "dd/MM/yyyy", date).toISOString(),
  ];
}
