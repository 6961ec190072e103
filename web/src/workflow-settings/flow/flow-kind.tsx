import { useId } from "react";
import type { ReactNode } from "react";
import { TextField } from "../../components/field.tsx";
import type { FlowDraft, FlowKind } from "./flow-draft.ts";
import "./flow.css";

/** One kind of flow control, which is on or off. Its fields are shown while it is on. */
export function FlowKindFields({
  kind,
  title,
  about,
  draft,
  onChange,
  children,
}: {
  readonly kind: FlowKind;
  readonly title: string;
  readonly about: string;
  readonly draft: FlowDraft;
  readonly onChange: (draft: FlowDraft) => void;
  readonly children: ReactNode;
}) {
  const id = useId();
  const isOn = draft.on.has(kind);
  return (
    <fieldset className="flow-kind" aria-label={title}>
      <div className="choice">
        <input
          id={id}
          type="checkbox"
          aria-describedby={`${id}-about`}
          checked={isOn}
          onChange={() => onChange({ ...draft, on: draft.on.symmetricDifference(new Set([kind])) })}
        />
        <label htmlFor={id}>
          <strong>{title}</strong>
          <span id={`${id}-about`} className="field-hint choice-hint">
            {about}
          </span>
        </label>
      </div>
      {isOn ? <div className="flow-kind-fields">{children}</div> : null}
    </fieldset>
  );
}

/** What divides executions into groups. */
export function KeyField({
  at,
  hint,
  value,
  onChange,
}: {
  readonly at: string;
  readonly hint: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <TextField
      label="Key"
      at={at}
      value={value}
      onChange={onChange}
      mono
      placeholder="/customer/id"
      hint={hint}
      autoComplete="off"
    />
  );
}
