import type { FieldError } from "#client";

/** Parses a whole number such as `1,000,000` or `1e9`; `undefined` for anything else. */
export function parseWholeNumber(text: string): number | undefined {
  const value = Number(text.replaceAll(/[\s,_]/g, ""));
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** @param pointer of the field with the text */
export function errorsOfWholeNumber(pointer: string, text: string): readonly FieldError[] {
  return parseWholeNumber(text) === undefined
    ? [{ pointer, detail: `“${text}” is not a whole number.` }]
    : [];
}
