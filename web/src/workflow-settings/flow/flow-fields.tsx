import { RadioField, TextArea, TextField } from "../../components/field.tsx";
import type { FlowDraft } from "./flow-draft.ts";
import { FlowKindFields, KeyField } from "./flow-kind.tsx";

interface FlowFieldsProps {
  readonly draft: FlowDraft;
  readonly onChange: (draft: FlowDraft) => void;
}

/** Flow control as a form: each kind with what it does in plain words. */
export function FlowFields(props: FlowFieldsProps) {
  return (
    <div className="stack" style={{ "--gap": "var(--space-3)" } as React.CSSProperties}>
      <ConcurrencyFields {...props} />
      <RateFields {...props} />
      <DebounceFields {...props} />
      <SingletonFields {...props} />
      <BatchFields {...props} />
      <PriorityField {...props} />
      <SharedLimitsField {...props} />
    </div>
  );
}

type MembersKind = "concurrency" | "rateLimit" | "debounce" | "singleton" | "batch";

/** The names of the members that are free text. */
type TextMember<Members> = {
  [Name in keyof Members]: string extends Members[Name] ? Name : never;
}[keyof Members] &
  string;

/** The members of one kind, a function that changes some of them, and the properties of the field of one that is text. */
function membersOf<Kind extends MembersKind>({ draft, onChange }: FlowFieldsProps, kind: Kind) {
  const members: FlowDraft[Kind] = draft[kind];
  const set = (change: Partial<FlowDraft[Kind]>) => onChange({ ...draft, [kind]: { ...members, ...change } });
  const text = (name: TextMember<FlowDraft[Kind]>) => ({
    at: `#/flow/${kind}/${name}`,
    value: members[name] as string,
    onChange: (value: string) => set({ [name]: value } as unknown as Partial<FlowDraft[Kind]>),
  });
  return { members, set, text };
}

function ConcurrencyFields(props: FlowFieldsProps) {
  const { members, set, text } = membersOf(props, "concurrency");
  return (
    <FlowKindFields
      kind="concurrency"
      title="Concurrency"
      about="How many executions run at the same time. The others are queued."
      {...props}
    >
      <div className="fields">
        <TextField label="In total" {...text("total")} placeholder="no limit" />
        <TextField label="Per key" {...text("perKey")} placeholder="no limit" />
        <KeyField {...text("key")} hint="A path in the payload, or entryPoint. Keys take turns." />
      </div>
      <RadioField
        label="An execution occupies its place"
        value={members.holds}
        onChange={(next) => set({ holds: next })}
        options={[
          {
            value: "run",
            label: "From its start to its end",
            hint: "Also while it sleeps or waits for days. At most that many executions exist at any time.",
          },
          {
            value: "active",
            label: "Only while it works",
            hint: "While it sleeps, or waits for an event, a callback or another execution, the next one runs.",
          },
        ]}
      />
    </FlowKindFields>
  );
}

function RateFields(props: FlowFieldsProps) {
  const { members, set, text } = membersOf(props, "rateLimit");
  return (
    <FlowKindFields
      kind="rateLimit"
      title="Rate"
      about="How many executions start in a period, evenly spaced."
      {...props}
    >
      <div className="fields">
        <TextField label="Executions" {...text("limit")} placeholder="100" />
        <TextField label="In a period of" {...text("period")} placeholder="1m" />
        <TextField label="At once, after a quiet time" {...text("burst")} placeholder="1" />
        <KeyField {...text("key")} hint="With a key, each key has this rate." />
      </div>
      <RadioField
        label="Executions above the rate"
        value={members.mode}
        onChange={(next) => set({ mode: next })}
        options={[
          { value: "delay", label: "Are queued" },
          {
            value: "reject",
            label: "Are rejected",
            hint: "The API answers 429. Those that schedules and workflows start are skipped.",
          },
        ]}
      />
    </FlowKindFields>
  );
}

function DebounceFields(props: FlowFieldsProps) {
  const { text } = membersOf(props, "debounce");
  return (
    <FlowKindFields
      kind="debounce"
      title="Debounce"
      about="Waits until no further execution arrives, then runs the last one. The earlier ones are skipped."
      {...props}
    >
      <div className="fields">
        <TextField label="Quiet time" {...text("period")} placeholder="10s" />
        <TextField label="At the latest after" {...text("max")} placeholder="no limit" />
        <KeyField {...text("key")} hint="With a key, each key is debounced separately." />
      </div>
    </FlowKindFields>
  );
}

function SingletonFields(props: FlowFieldsProps) {
  const { members, set, text } = membersOf(props, "singleton");
  return (
    <FlowKindFields
      kind="singleton"
      title="Singleton"
      about="At most one execution exists, or one for each key."
      {...props}
    >
      <div className="fields">
        <KeyField {...text("key")} hint="Without a key, one of the workflow." />
      </div>
      <RadioField
        label="If another one starts"
        value={members.mode}
        onChange={(next) => set({ mode: next })}
        options={[
          { value: "skip", label: "The new one is skipped" },
          { value: "cancel-running", label: "The running one is cancelled" },
        ]}
      />
    </FlowKindFields>
  );
}

function BatchFields(props: FlowFieldsProps) {
  const { text } = membersOf(props, "batch");
  return (
    <FlowKindFields
      kind="batch"
      title="Batch"
      about="One execution receives the payloads of several as an array. Not with debounce or singleton."
      {...props}
    >
      <div className="fields">
        <TextField label="Up to" {...text("size")} placeholder="100" />
        <TextField label="Collected for" {...text("period")} placeholder="5s" />
        <KeyField {...text("key")} hint="With a key, each key has batches of its own." />
      </div>
    </FlowKindFields>
  );
}

function PriorityField({ draft, onChange }: FlowFieldsProps) {
  return (
    <FlowKindFields
      kind="priority"
      title="Priority"
      about="Queued executions with a higher priority start first. Lower ones are never left out."
      draft={draft}
      onChange={onChange}
    >
      <div className="fields">
        <TextField
          label="Number or path"
          at="#/flow/priority"
          value={draft.priority}
          placeholder="/priority"
          hint="-10 to 10, or the path of such a number in the payload."
          onChange={(priority) => onChange({ ...draft, priority })}
        />
      </div>
    </FlowKindFields>
  );
}

function SharedLimitsField({ draft, onChange }: FlowFieldsProps) {
  return (
    <FlowKindFields
      kind="limits"
      title="Shared limits"
      about="Limits that several workflows share. They are set on the page of queues."
      draft={draft}
      onChange={onChange}
    >
      <TextArea
        label="Names"
        at="#/flow/limits"
        value={draft.limits}
        rows={2}
        onChange={(limits) => onChange({ ...draft, limits })}
        hint={
          <>
            One per line, with a key if it has one: <code>postgres</code> or <code>postgres /tenant</code>
          </>
        }
      />
    </FlowKindFields>
  );
}
