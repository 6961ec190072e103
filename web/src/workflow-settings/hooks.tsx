import type { Hook } from "#client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { Confirm } from "../components/confirm.tsx";
import { ShownOnce } from "../components/one-time-secret.tsx";
import { Section } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { Table } from "../components/table.tsx";
import { useToast } from "../components/toast.tsx";
import { useRefusal } from "../session/session.tsx";
import { Moment } from "../time/moment.tsx";
import { NewHookDialog, schemeLabels } from "./new-hook-dialog.tsx";

type Asked = { readonly kind: "create" } | { readonly kind: "rotate" | "remove"; readonly hook: Hook };

/** Secret addresses that execute a workflow, for systems that can post and no more. */
export function Hooks({ workflowId }: { readonly workflowId: string }) {
  const queries = useQueryClient();
  const { data, error } = useQuery({
    queryKey: ["hooks", workflowId],
    queryFn: async ({ signal }) =>
      await api.get("/workflows/{workflowId}/hooks", { params: { path: { workflowId } }, signal }),
  });
  const [asked, setAsked] = useState<Asked>();
  const [url, setUrl] = useState<string>();
  const refusal = useRefusal("workflows:deploy", workflowId);
  const refresh = async () => await queries.invalidateQueries({ queryKey: ["hooks", workflowId] });
  const close = () => setAsked(undefined);
  return (
    <Section
      title="Hooks"
      about="Secret addresses that execute it, for systems that can post and no more. An address is shown once."
      actions={
        <Button icon="plus" refusal={refusal} onClick={() => setAsked({ kind: "create" })}>
          New hook
        </Button>
      }
    >
      {error === null ? null : <Problem error={error} />}
      {data?.items.length === 0 ? <p className="soft">It has none.</p> : null}
      {data === undefined || data.items.length === 0 ? null : (
        <HookTable hooks={data.items} refusal={refusal} onAsk={setAsked} />
      )}
      {asked?.kind === "create" ? (
        <NewHookDialog
          workflowId={workflowId}
          onClose={close}
          onCreated={(created) => {
            setUrl(created);
            void refresh();
          }}
        />
      ) : null}
      {asked?.kind === "rotate" ? (
        <RotateDialog hook={asked.hook} onRotated={setUrl} onClose={close} />
      ) : null}
      {asked?.kind === "remove" ? <RemoveDialog hook={asked.hook} onDone={refresh} onClose={close} /> : null}
      {url === undefined ? null : (
        <ShownOnce title="The address of the hook" secret={url} onClose={() => setUrl(undefined)}>
          Copy it now: it is not shown again. Whoever has it can execute the workflow.
        </ShownOnce>
      )}
    </Section>
  );
}

function HookTable({
  hooks,
  refusal,
  onAsk,
}: {
  readonly hooks: readonly Hook[];
  readonly refusal: string | undefined;
  readonly onAsk: (asked: Asked) => void;
}) {
  return (
    <Table label="Hooks" columns={["Signed by", "Entry point", "Payload", "Made", { hidden: "Actions" }]}>
      {hooks.map((hook) => (
        <tr key={hook.id}>
          <th scope="row">{schemeLabels[hook.scheme]}</th>
          <td className="mono">{hook.entryPoint}</td>
          <td>{hook.payload === "body" ? "the body" : "headers, query and body"}</td>
          <td className="soft">
            <Moment at={hook.createdAt} />
          </td>
          <td>
            <Button size="small" refusal={refusal} onClick={() => onAsk({ kind: "rotate", hook })}>
              New address…
            </Button>{" "}
            <Button
              size="small"
              kind="danger"
              refusal={refusal}
              onClick={() => onAsk({ kind: "remove", hook })}
            >
              Remove…
            </Button>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function RotateDialog({
  hook: { id, workflowId },
  onRotated,
  onClose,
}: {
  readonly hook: Hook;
  readonly onRotated: (url: string) => void;
  readonly onClose: () => void;
}) {
  const rotate = async () => {
    const path = { workflowId, hookId: id };
    onRotated((await api.post("/workflows/{workflowId}/hooks/{hookId}/rotate", { params: { path } })).url);
  };
  return (
    <Confirm
      title="Give the hook another address?"
      action="Give it another address"
      onConfirm={rotate}
      onClose={onClose}
    >
      The one that it has executes nothing any more, so whoever posts to it must be told the new one.
    </Confirm>
  );
}

function RemoveDialog({
  hook: { id, workflowId },
  onDone,
  onClose,
}: {
  readonly hook: Hook;
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}) {
  const toast = useToast();
  const remove = async () => {
    await api.delete("/workflows/{workflowId}/hooks/{hookId}", {
      params: { path: { workflowId, hookId: id } },
    });
    toast.done("The hook is gone.");
    await onDone();
  };
  return (
    <Confirm title="Remove the hook?" action="Remove" onConfirm={remove} onClose={onClose}>
      What is posted to its address is refused from now on.
    </Confirm>
  );
}
