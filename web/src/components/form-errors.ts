import { type FieldError, ProblemError } from "#client";
import { createContext, useContext, useEffect, useState } from "react";

/** Errors of fields that the web UI finds itself, in the form of the API. */
export class FormError extends Error {
  override readonly name = "FormError";
  readonly errors: readonly FieldError[];

  constructor(errors: readonly FieldError[]) {
    super(errors.map(({ detail }) => detail).join(" "));
    this.errors = errors;
  }
}

/** The field errors of an error; empty if it has none. */
export function fieldErrorsOf(error: unknown): readonly FieldError[] {
  return error instanceof FormError || error instanceof ProblemError ? error.errors : noErrors;
}

const noErrors: readonly FieldError[] = [];

/** Whether an error is about the field at a place or a part of it, for example one of its lines. */
export function isAt({ pointer, parameter, header }: FieldError, place: string): boolean {
  const at = pointer ?? parameter ?? header;
  return at === place || at?.startsWith(`${place}/`) === true;
}

export interface FormContext {
  readonly errors: readonly FieldError[];
  /** Registers a field that shows the errors of its place. Returns a function that unregisters it. */
  readonly register: (place: string) => () => void;
}

export const FormContext = createContext<FormContext>({ errors: noErrors, register: () => () => undefined });

/**
 * The errors of the last request about a field, until its value changes.
 *
 * @param at the place of the field in the request: a pointer such as `#/egress/allow`, or the name of a parameter or header
 */
export function useFieldErrors(at: string | undefined, value: unknown): readonly string[] {
  const { errors, register } = useContext(FormContext);
  const [seen, setSeen] = useState({ errors, value });
  if (seen.errors !== errors) setSeen({ errors, value });
  useEffect(() => (at === undefined ? undefined : register(at)), [at, register]);
  if (at === undefined || seen.value !== value) return [];
  return errors.filter((error) => isAt(error, at)).map(({ detail }) => detail);
}
