import { type FieldError, ProblemError } from "#client";
import { createContext, useContext, useEffect, useState } from "react";

/** What the page itself finds wrong with the fields of a form, in the form in which the API says it. */
export class FormError extends Error {
  override readonly name = "FormError";
  readonly errors: readonly FieldError[];

  constructor(errors: readonly FieldError[]) {
    super(errors.map(({ detail }) => detail).join(" "));
    this.errors = errors;
  }
}

/** What an error says about single fields; empty where it is about something else. */
export function fieldErrorsOf(error: unknown): readonly FieldError[] {
  return error instanceof FormError || error instanceof ProblemError ? error.errors : noErrors;
}

const noErrors: readonly FieldError[] = [];

/** Whether an error is about the field at a place, or a part of it: one of its lines, for example. */
export function isAt({ pointer, parameter, header }: FieldError, place: string): boolean {
  const at = pointer ?? parameter ?? header;
  return at === place || at?.startsWith(`${place}/`) === true;
}

export interface FormContext {
  readonly errors: readonly FieldError[];
  /** Says that a field shows what is wrong at its place. Returns how to take that back. */
  readonly register: (place: string) => () => void;
}

export const FormContext = createContext<FormContext>({ errors: noErrors, register: () => () => undefined });

/**
 * What the last attempt to submit the form says about a field, until its value is changed.
 *
 * @param at the place of the field in the request: a pointer as `#/egress/allow`, or the name of a parameter or header
 */
export function useFieldErrors(at: string | undefined, value: unknown): readonly string[] {
  const { errors, register } = useContext(FormContext);
  const [seen, setSeen] = useState({ errors, value });
  if (seen.errors !== errors) setSeen({ errors, value });
  useEffect(() => (at === undefined ? undefined : register(at)), [at, register]);
  if (at === undefined || seen.value !== value) return [];
  return errors.filter((error) => isAt(error, at)).map(({ detail }) => detail);
}
