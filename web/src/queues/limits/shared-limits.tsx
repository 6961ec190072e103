import type { SharedLimit } from "#client";
import { useState } from "react";
import { Link } from "wouter";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { Section } from "../../components/page.tsx";
import { Problem } from "../../components/problem.tsx";
import { Table } from "../../components/table.tsx";
import { useToast } from "../../components/toast.tsx";
import { useRefusal } from "../../session/session.tsx";
import { LimitDialog } from "./limit-dialog.tsx";
import { limitText } from "./limit-draft.ts";
import { removeSharedLimit, useReloadLimits, useSharedLimits } from "./limits-api.ts";

type Asked = { readonly kind: "new" } | { readonly kind: "edit" | "remove"; readonly limit: SharedLimit };

/** The limits that several workflows share, by name. */
export function SharedLimits() {
  const { data, error } = useSharedLimits();
  const [asked, setAsked] = useState<Asked>();
  const refusal = useRefusal("queues:manage");
  const close = () => setAsked(undefined);
  return (
    <Section
      title="Shared limits"
      about={
        <>
          Limits of what several workflows use together, such as a database. A workflow uses one with{" "}
          <code>limits: ["postgres"]</code> in its code, or in its settings.
        </>
      }
      actions={
        <Button icon="plus" refusal={refusal} onClick={() => setAsked({ kind: "new" })}>
          New shared limit
        </Button>
      }
    >
      {error === null ? null : <Problem error={error} />}
      {data?.items.length === 0 ? <p className="soft">No shared limits yet</p> : null}
      {data === undefined || data.items.length === 0 ? null : (
        <LimitTable limits={data.items} refusal={refusal} onAsk={setAsked} />
      )}
      {asked?.kind === "new" ? <LimitDialog onClose={close} /> : null}
      {asked?.kind === "edit" ? <LimitDialog limit={asked.limit} onClose={close} /> : null}
      {asked?.kind === "remove" ? <RemoveDialog name={asked.limit.name} onClose={close} /> : null}
    </Section>
  );
}

function LimitTable({
  limits,
  refusal,
  onAsk,
}: {
  readonly limits: readonly SharedLimit[];
  readonly refusal: string | undefined;
  readonly onAsk: (asked: Asked) => void;
}) {
  return (
    <Table label="Shared limits" dense columns={["Name", "Limits", { hidden: "Actions" }]}>
      {limits.map((limit) => (
        <tr key={limit.name}>
          <th scope="row">
            <Link href={`/queues/shared%3A${limit.name}`}>{limit.name}</Link>
          </th>
          <td>{limitText(limit.limit)}</td>
          <td>
            <Button size="small" refusal={refusal} onClick={() => onAsk({ kind: "edit", limit })}>
              Edit…
            </Button>{" "}
            <Button
              size="small"
              kind="danger"
              refusal={refusal}
              onClick={() => onAsk({ kind: "remove", limit })}
            >
              Delete…
            </Button>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function RemoveDialog({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const reload = useReloadLimits();
  const toast = useToast();
  const remove = async () => {
    await removeSharedLimit(name);
    toast.done(`Limit ${name} deleted`);
    await reload();
  };
  return (
    <Confirm title={`Delete ${name}?`} action="Delete limit" onConfirm={remove} onClose={onClose}>
      Workflows that use it are no longer limited by it. What is queued for it starts.
    </Confirm>
  );
}
