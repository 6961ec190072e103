import type { FieldError, SharedLimit } from "#client";
import { FormError } from "../../components/form-errors.ts";
import { durationText, isoDuration, shortDuration } from "../../time/iso-duration.ts";

type Limit = SharedLimit["limit"];

/** A shared limit as typed. Empty texts are left out. */
export interface LimitDraft {
  readonly name: string;
  readonly total: string;
  readonly perKey: string;
  readonly rate: string;
  readonly period: string;
  readonly burst: string;
}

export function draftOf(shared: SharedLimit | undefined): LimitDraft {
  const { total, perKey, rateLimit } = shared?.limit ?? {};
  return {
    name: shared?.name ?? "",
    total: total?.toString() ?? "",
    perKey: perKey?.toString() ?? "",
    rate: rateLimit?.limit.toString() ?? "",
    period: rateLimit === undefined ? "" : shortDuration(rateLimit.period),
    burst: rateLimit?.burst?.toString() ?? "",
  };
}

/** The places of the numbers in the request. */
export const places = {
  total: "#/total",
  perKey: "#/perKey",
  rate: "#/rateLimit/limit",
  burst: "#/rateLimit/burst",
} as const;

/** @throws {FormError} if a field cannot be read */
export function limitOf(draft: LimitDraft): SharedLimit {
  const errors: FieldError[] = [];
  const number = (name: keyof typeof places): number | undefined => {
    const text = draft[name].trim();
    if (text === "") return undefined;
    if (!/^[1-9]\d{0,8}$/.test(text))
      errors.push({ pointer: places[name], detail: `“${text}” is not a whole number of 1 or more.` });
    return Number(text);
  };
  const [total, perKey, limit, burst] = [number("total"), number("perKey"), number("rate"), number("burst")];
  const period = draft.period.trim();
  if (draft.name.trim() === "") errors.push({ parameter: "name", detail: "Enter a name." });
  if (limit === undefined && (period !== "" || burst !== undefined))
    errors.push({ pointer: places.rate, detail: "Enter how many executions start in the period." });
  if (limit !== undefined && period === "")
    errors.push({ pointer: "#/rateLimit/period", detail: "Enter a duration such as 1m." });
  if (total === undefined && perKey === undefined && limit === undefined && period === "")
    errors.push({ pointer: places.total, detail: "Enter at least one limit." });
  if (errors.length > 0) throw new FormError(errors);
  return {
    name: draft.name.trim(),
    limit: {
      ...(total === undefined ? {} : { total }),
      ...(perKey === undefined ? {} : { perKey }),
      ...(limit === undefined
        ? {}
        : {
            rateLimit: { limit, period: isoDuration(period), ...(burst === undefined ? {} : { burst }) },
          }),
    },
  };
}

/** `20 at a time, 2 per key, 100 per 1 minute`. */
export function limitText({ total, perKey, rateLimit }: Limit): string {
  const burst = rateLimit?.burst ?? 1;
  return [
    total === undefined ? "" : `${total} at a time`,
    perKey === undefined ? "" : `${perKey} per key`,
    rateLimit === undefined
      ? ""
      : `${rateLimit.limit} per ${durationText(shortDuration(rateLimit.period)).replace(/^1 (?=[a-z]+$)/, "")}`,
    burst > 1 ? `up to ${burst} at once` : "",
  ]
    .filter((text) => text !== "")
    .join(", ");
}
