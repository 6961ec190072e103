import { Button } from "../../components/button.tsx";
import { SelectField, TextField } from "../../components/field.tsx";
import type { Channel } from "../alert.ts";
import { newChannel } from "./rule-draft.ts";
import type { ChannelDraft } from "./rule-draft.ts";

export const channelLabels: Readonly<Record<Channel["kind"], string>> = {
  email: "E-mail",
  webhook: "Signed webhook",
  slack: "Slack",
  workflow: "Workflow",
};

const targets: Readonly<Record<Channel["kind"], { label: string; placeholder: string; at: string }>> = {
  email: { label: "Addresses", placeholder: "oncall@example.com, …", at: "to" },
  webhook: { label: "URL", placeholder: "https://example.com/alerts", at: "url" },
  slack: { label: "Webhook URL", placeholder: "https://hooks.slack.com/services/…", at: "url" },
  workflow: { label: "Workflow", placeholder: "on-call", at: "workflow" },
};

/** Where the alerts of a rule are sent. */
export function ChannelFields({
  channels,
  onChange,
}: {
  readonly channels: readonly ChannelDraft[];
  readonly onChange: (channels: readonly ChannelDraft[]) => void;
}) {
  return (
    <fieldset className="choices">
      <legend className="label">Channels</legend>
      {channels.map((channel, index) => (
        <ChannelField
          // oxlint-disable-next-line react/no-array-index-key -- the channels have no identity of their own
          key={index}
          channel={channel}
          index={index}
          onChange={(next) => onChange(channels.with(index, next))}
          onRemove={channels.length === 1 ? undefined : () => onChange(channels.toSpliced(index, 1))}
        />
      ))}
      <div>
        <Button size="small" icon="plus" onClick={() => onChange([...channels, newChannel])}>
          Add a channel
        </Button>
      </div>
    </fieldset>
  );
}

function ChannelField({
  channel,
  index,
  onChange,
  onRemove,
}: {
  readonly channel: ChannelDraft;
  readonly index: number;
  readonly onChange: (channel: ChannelDraft) => void;
  readonly onRemove: (() => void) | undefined;
}) {
  const { label, placeholder, at } = targets[channel.kind];
  return (
    <div className="alert-channel" role="group" aria-label={`Channel ${index + 1}`}>
      <SelectField
        label="Kind"
        hideLabel
        value={channel.kind}
        options={Object.entries(channelLabels) as [Channel["kind"], string][]}
        onChange={(kind) => onChange({ ...channel, kind, target: "" })}
      />
      <TextField
        label={label}
        hideLabel
        at={`#/channels/${index}/${at}`}
        value={channel.target}
        placeholder={placeholder}
        onChange={(target) => onChange({ ...channel, target })}
      />
      {onRemove === undefined ? null : (
        <Button size="small" kind="quiet" onClick={onRemove}>
          Remove
        </Button>
      )}
    </div>
  );
}
