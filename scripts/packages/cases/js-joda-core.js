import { ChronoUnit, LocalDate, ZonedDateTime, ZoneOffset } from "@js-joda/core";
export function run() {
  const date = LocalDate.parse("2026-01-31");
  return [
    date.plusMonths(1).toString(),
    date.until(LocalDate.parse("2026-03-01"), ChronoUnit.DAYS),
    ZonedDateTime.of(date.atStartOfDay(), ZoneOffset.UTC).toString(),
  ];
}
