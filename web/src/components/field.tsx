import { useId } from "react";
import type { ReactNode } from "react";
import { useFieldErrors } from "./form-errors.ts";

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** Why the value is invalid, as a sentence. */
  readonly error?: string | undefined;
  /** The place of the value in the request, such as `#/name`, whose errors are shown at this field. */
  readonly at?: string | undefined;
}

/** All errors of a field: those found in the browser, and those of the last request. */
function useErrors({ at, error }: Pick<FieldProps, "at" | "error">, value: unknown): readonly string[] {
  const attempted = useFieldErrors(at, value);
  return [...new Set(error === undefined ? attempted : [error, ...attempted])];
}

interface TextProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: "text" | "password" | "number" | "datetime-local" | "search";
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly autoComplete?: string;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly mono?: boolean;
  readonly list?: readonly string[];
  readonly hideLabel?: boolean;
  readonly onBlur?: () => void;
}

/** A single-line input with its label. */
export function TextField({
  label,
  hint,
  error,
  at,
  value,
  onChange,
  list,
  mono,
  hideLabel,
  ...input
}: TextProps) {
  const id = useId();
  const errors = useErrors({ at, error }, value);
  return (
    <Field id={id} label={label} hint={hint} errors={errors} hideLabel={hideLabel}>
      <input
        id={id}
        className={mono === true ? "input mono" : "input"}
        value={value}
        onChange={({ target }) => onChange(target.value)}
        aria-invalid={errors.length > 0}
        aria-describedby={`${id}-hint`}
        list={list === undefined ? undefined : `${id}-list`}
        {...input}
      />
      {list === undefined ? null : (
        <datalist id={`${id}-list`}>
          {list.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </datalist>
      )}
    </Field>
  );
}

/** A multi-line input with its label. */
export function TextArea({
  label,
  hint,
  error,
  at,
  value,
  onChange,
  rows = 5,
  maxLength,
}: FieldProps & {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly rows?: number;
  readonly maxLength?: number;
}) {
  const id = useId();
  const errors = useErrors({ at, error }, value);
  return (
    <Field id={id} label={label} hint={hint} errors={errors}>
      <textarea
        id={id}
        className="textarea"
        rows={rows}
        maxLength={maxLength}
        spellCheck={false}
        value={value}
        onChange={({ target }) => onChange(target.value)}
        aria-invalid={errors.length > 0}
        aria-describedby={`${id}-hint`}
      />
    </Field>
  );
}

/** One of several. */
export function SelectField<Value extends string>({
  label,
  hint,
  error,
  at,
  value,
  options,
  onChange,
  hideLabel,
}: FieldProps & {
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, label: string])[];
  readonly onChange: (value: Value) => void;
  readonly hideLabel?: boolean;
}) {
  const id = useId();
  const errors = useErrors({ at, error }, value);
  return (
    <Field id={id} label={label} hint={hint} errors={errors} hideLabel={hideLabel}>
      <select
        id={id}
        className="select"
        value={value}
        onChange={({ target }) => onChange(target.value as Value)}
        aria-invalid={errors.length > 0}
        aria-describedby={`${id}-hint`}
      >
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** One of few, all of them to be seen. */
export function RadioField<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string; readonly hint?: string }[];
  readonly onChange: (value: Value) => void;
}) {
  const name = useId();
  return (
    <fieldset className="choices">
      <legend className="label">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="choice">
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>
            {option.label}
            {option.hint === undefined ? null : <span className="field-hint choice-hint">{option.hint}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** A group of independent checkboxes. */
export function CheckboxGroup({
  label,
  at,
  value,
  children,
}: {
  readonly label: string;
  /** As in `FieldProps`. */
  readonly at: string;
  /** A new set whenever the choice changes. */
  readonly value: unknown;
  readonly children: ReactNode;
}) {
  const id = useId();
  const errors = useErrors({ at }, value);
  return (
    <fieldset className="choices" aria-describedby={id} data-invalid={errors.length > 0 || undefined}>
      <legend className="label">{label}</legend>
      <div id={id}>
        <ErrorTexts errors={errors} />
      </div>
      {children}
    </fieldset>
  );
}

function ErrorTexts({ errors }: { readonly errors: readonly string[] }) {
  return errors.map((each) => (
    <p key={each} className="field-error">
      {each}
    </p>
  ));
}

function Field({
  id,
  label,
  hint,
  errors,
  hideLabel = false,
  children,
}: {
  readonly id: string;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly errors: readonly string[];
  readonly hideLabel?: boolean | undefined;
  readonly children: ReactNode;
}) {
  return (
    <div className="field">
      <label htmlFor={id} className={hideLabel ? "visually-hidden" : undefined}>
        {label}
      </label>
      {children}
      <div
        id={`${id}-hint`}
        className={hint === undefined && errors.length === 0 ? "visually-hidden" : undefined}
      >
        <ErrorTexts errors={errors} />
        {hint === undefined ? null : <p className="field-hint">{hint}</p>}
      </div>
    </div>
  );
}
