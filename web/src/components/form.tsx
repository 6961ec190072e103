import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import { FormContext, fieldErrorsOf, isAt } from "./form-errors.ts";
import { Problem } from "./problem.tsx";

/**
 * A form. Errors of the last request are shown at their fields, of which the first gets the focus, and errors of no field above them. The browser's validation is off, because it shows one error at a time.
 *
 * @param heading shown above the errors and fields
 */
export function Form({
  error,
  className,
  heading,
  onSubmit,
  children,
}: {
  readonly error: unknown;
  readonly className: string;
  readonly heading?: ReactNode;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}) {
  const form = useRef<HTMLFormElement>(null);
  const errors = useMemo(() => fieldErrorsOf(error), [error]);
  const [places, setPlaces] = useState<readonly string[]>([]);
  const register = useCallback((place: string) => {
    setPlaces((before) => [...before, place]);
    return () => setPlaces((before) => before.toSpliced(before.indexOf(place), 1));
  }, []);
  const context = useMemo(() => ({ errors, register }), [errors, register]);
  useEffect(() => {
    if (errors.length > 0) form.current?.querySelector<HTMLElement>(invalidField)?.focus();
  }, [errors]);
  const others = errors.filter((each) => !places.some((place) => isAt(each, place)));
  const isAtFields = errors.length > 0 && others.length === 0;
  return (
    <form
      ref={form}
      className={className}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {heading}
      {error === undefined || isAtFields ? null : (
        <Problem error={error} details={others.map(({ detail }) => detail)} />
      )}
      <FormContext value={context}>{children}</FormContext>
    </form>
  );
}

/** The first input of a group. */
const invalidField = '[aria-invalid="true"], [data-invalid] input:enabled';
