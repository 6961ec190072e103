import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { newRate, placeOf } from "./rates-draft.ts";
import type { RateDraft } from "./rates-draft.ts";
import "./rates.css";

/** Hosts with how often they are requested, as rows. */
export function RateRows({
  rates,
  onChange,
}: {
  readonly rates: readonly RateDraft[];
  readonly onChange: (rates: readonly RateDraft[]) => void;
}) {
  return (
    <>
      {rates.length === 0 ? <p className="soft">No host is limited.</p> : null}
      {rates.map((rate, index) => (
        <RateRow
          // oxlint-disable-next-line react/no-array-index-key -- the rows have no identity of their own
          key={index}
          rate={rate}
          index={index}
          onChange={(next) => onChange(rates.with(index, next))}
          onRemove={() => onChange(rates.toSpliced(index, 1))}
        />
      ))}
      <div>
        <Button size="small" icon="plus" onClick={() => onChange([...rates, newRate])}>
          Add a host
        </Button>
      </div>
    </>
  );
}

const fields = [
  ["limit", "Requests", "10"],
  ["period", "In a period of", "1s"],
  ["burst", "At once", "1"],
  ["concurrency", "In flight", "no limit"],
] as const;

function RateRow({
  rate,
  index,
  onChange,
  onRemove,
}: {
  readonly rate: RateDraft;
  readonly index: number;
  readonly onChange: (rate: RateDraft) => void;
  readonly onRemove: () => void;
}) {
  return (
    <fieldset className="rate-row" aria-label={rate.host === "" ? `Host ${index + 1}` : rate.host}>
      <TextField
        label="Host"
        at={placeOf(index, "host")}
        value={rate.host}
        placeholder="api.example.com"
        mono
        autoComplete="off"
        onChange={(host) => onChange({ ...rate, host })}
      />
      {fields.map(([name, label, placeholder]) => (
        <TextField
          key={name}
          label={label}
          at={placeOf(index, name)}
          value={rate[name]}
          placeholder={placeholder}
          onChange={(text) => onChange({ ...rate, [name]: text })}
        />
      ))}
      <Button size="small" kind="quiet" icon="trash" onClick={onRemove}>
        Remove
      </Button>
    </fieldset>
  );
}
