import type { FieldError, WorkflowSettings } from "#client";
import { FormError } from "../../components/form-errors.ts";
import { isoDuration, shortDuration } from "../../time/iso-duration.ts";
import { errorsOfWholeNumber, parseWholeNumber } from "../whole-number.ts";

export type HostRates = NonNullable<NonNullable<WorkflowSettings["egress"]>["rate"]>;

/** The rate of a host as typed. Empty texts are left out. */
export interface RateDraft {
  readonly host: string;
  readonly limit: string;
  readonly period: string;
  readonly burst: string;
  readonly concurrency: string;
}

export const newRate: RateDraft = { host: "", limit: "", period: "", burst: "", concurrency: "" };

export function draftsOf(rates: HostRates): readonly RateDraft[] {
  return Object.entries(rates).map(([host, { limit, period = "", burst, concurrency }]) => ({
    host,
    limit: limit?.toString() ?? "",
    period: shortDuration(period),
    burst: burst?.toString() ?? "",
    concurrency: concurrency?.toString() ?? "",
  }));
}

/** The place of a field, for its errors. Those of the API name the host instead of the index. */
export function placeOf(index: number, name: keyof RateDraft): string {
  return `#/rates/${index}/${name}`;
}

/** @throws {FormError} if a field cannot be read */
export function ratesOf(drafts: readonly RateDraft[]): HostRates {
  const errors = drafts.flatMap((draft, index) => errorsOf(draft, index, drafts));
  if (errors.length > 0) throw new FormError(errors);
  return Object.fromEntries(
    drafts.map(({ host, period, ...numbers }) => [
      host.trim(),
      {
        ...Object.fromEntries(
          Object.entries(numbers).flatMap(([name, text]) =>
            text.trim() === "" ? [] : [[name, parseWholeNumber(text.trim())]],
          ),
        ),
        ...(period.trim() === "" ? {} : { period: isoDuration(period) }),
      },
    ]),
  );
}

function errorsOf(draft: RateDraft, index: number, drafts: readonly RateDraft[]): readonly FieldError[] {
  const { host, limit, period, concurrency } = draft;
  const at = (name: keyof RateDraft, detail: string) => ({ pointer: placeOf(index, name), detail });
  const isRepeated = drafts.slice(0, index).some((other) => other.host.trim() === host.trim());
  const numbers = (["limit", "burst", "concurrency"] as const).flatMap((name) =>
    draft[name].trim() === "" ? [] : errorsOfWholeNumber(placeOf(index, name), draft[name].trim()),
  );
  return [
    ...(host.trim() === "" ? [at("host", "Enter a host such as api.example.com.")] : []),
    ...(host.trim() !== "" && isRepeated ? [at("host", "This host is listed twice.")] : []),
    ...numbers,
    ...(limit.trim() !== "" && period.trim() === "" ? [at("period", "Enter a duration such as 1s.")] : []),
    ...(limit.trim() === "" && period.trim() !== "" ? [at("limit", "Enter a whole number.")] : []),
    ...((limit + period + concurrency).trim() === ""
      ? [at("limit", "Enter a rate, a number of requests in flight, or both.")]
      : []),
  ];
}
