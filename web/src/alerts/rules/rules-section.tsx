import type { AlertRule } from "#client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { Loading } from "../../components/loading.tsx";
import { OneTimeSecret } from "../../components/one-time-secret.tsx";
import { Empty } from "../../components/page.tsx";
import { Problem } from "../../components/problem.tsx";
import { Table } from "../../components/table.tsx";
import { useToast } from "../../components/toast.tsx";
import { useRefusal } from "../../session/session.tsx";
import type { Channel } from "../alert.ts";
import { channelLabels } from "./channel-fields.tsx";
import { conditionText } from "./condition.ts";
import { RuleDialog } from "./rule-dialog.tsx";

type Asked = { readonly kind: "create" } | { readonly kind: "edit" | "remove"; readonly rule: AlertRule };

/** The alert rules with what can be done with them. */
export function RulesSection() {
  const [asked, setAsked] = useState<Asked>();
  const [secret, setSecret] = useState<string>();
  const refusal = useRefusal("alerts:manage");
  const { data, error } = useQuery({
    queryKey: ["alert-rules"],
    queryFn: async ({ signal }) => await api.get("/alerts/rules", { signal }),
    refetchInterval: 10_000,
  });
  const items = data?.items;
  const close = () => setAsked(undefined);
  const create = (
    <Button kind="primary" icon="plus" refusal={refusal} onClick={() => setAsked({ kind: "create" })}>
      New rule
    </Button>
  );
  return (
    <>
      {error === null ? null : <Problem error={error} />}
      {items === undefined && error === null ? <Loading what="alert rules" /> : null}
      {items?.length === 0 ? (
        <Empty title="No alert rules yet" action={create}>
          A rule sends an e-mail, a signed webhook, a Slack message, or executes a workflow when executions
          fail, run too long, or a schedule misses a run.
        </Empty>
      ) : null}
      {items === undefined || items.length === 0 ? null : (
        <>
          <div className="row">
            <span className="soft">
              One alert is sent when a condition starts to apply, and one when it ends.
            </span>
            <span className="push">{create}</span>
          </div>
          <RuleTable rules={items} refusal={refusal} onAsk={setAsked} />
        </>
      )}
      {asked?.kind === "create" || asked?.kind === "edit" ? (
        <RuleDialog
          rule={asked.kind === "edit" ? asked.rule : undefined}
          onSaved={setSecret}
          onClose={close}
        />
      ) : null}
      {asked?.kind === "remove" ? <RemoveDialog rule={asked.rule} onClose={close} /> : null}
      {secret === undefined ? null : (
        <OneTimeSecret title="Signing secret" secret={secret} onClose={() => setSecret(undefined)}>
          Copy it now. It will not be shown again. The receiver verifies the signature with it.
        </OneTimeSecret>
      )}
    </>
  );
}

function RuleTable({
  rules,
  refusal,
  onAsk,
}: {
  readonly rules: readonly AlertRule[];
  readonly refusal: string | undefined;
  readonly onAsk: (asked: Asked) => void;
}) {
  const toast = useToast();
  const test = async ({ ruleId }: AlertRule) => {
    await api.post("/alerts/rules/{ruleId}/test", { params: { path: { ruleId } } });
    toast.done("Test alert sent");
  };
  const columns = ["Rule", "When", "Workflow", "Channels", "State", { hidden: "Actions" }];
  return (
    <Table label="Alert rules" dense columns={columns}>
      {rules.map((rule) => (
        <tr key={rule.ruleId}>
          <th scope="row">{rule.name ?? rule.ruleId}</th>
          <td>{conditionText(rule.on)}</td>
          <td className={rule.workflow === undefined ? "soft" : undefined}>{rule.workflow ?? "all"}</td>
          <td>{channelsText(rule.channels)}</td>
          <td>
            <RuleState rule={rule} />
          </td>
          <td>
            <Button size="small" refusal={refusal} onClick={() => void test(rule).catch(toast.error)}>
              Send test
            </Button>{" "}
            <Button size="small" refusal={refusal} onClick={() => onAsk({ kind: "edit", rule })}>
              Edit…
            </Button>{" "}
            <Button
              size="small"
              kind="danger"
              refusal={refusal}
              onClick={() => onAsk({ kind: "remove", rule })}
            >
              Delete…
            </Button>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function RuleState({ rule: { enabled, openIncidents } }: { readonly rule: AlertRule }) {
  if (!enabled) return <Badge kind="idle">off</Badge>;
  if (openIncidents === 0) return <Badge kind="good">quiet</Badge>;
  return <Badge kind="bad">{openIncidents} open</Badge>;
}

function channelsText(channels: readonly Channel[]): string {
  return channels.map(({ kind }) => channelLabels[kind]).join(", ");
}

function RemoveDialog({ rule, onClose }: { readonly rule: AlertRule; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const toast = useToast();
  const remove = async () => {
    await api.delete("/alerts/rules/{ruleId}", { params: { path: { ruleId: rule.ruleId } } });
    toast.done("Alert rule deleted");
    await queries.invalidateQueries({ queryKey: ["alert-rules"] });
  };
  return (
    <Confirm
      title={`Delete ${rule.name ?? rule.ruleId}?`}
      action="Delete rule"
      onConfirm={remove}
      onClose={onClose}
    >
      It sends no further alerts. Sent alerts stay in the list.
    </Confirm>
  );
}
