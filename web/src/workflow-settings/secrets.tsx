import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { Confirm } from "../components/confirm.tsx";
import { Dialog } from "../components/dialog.tsx";
import { TextField } from "../components/field.tsx";
import { FormError } from "../components/form-errors.ts";
import { Section } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { Table } from "../components/table.tsx";
import { useToast } from "../components/toast.tsx";
import { useRefusal } from "../session/session.tsx";
import { Moment } from "../time/moment.tsx";

interface Asked {
  readonly kind: "set" | "remove";
  readonly name: string;
  readonly hosts: readonly string[];
}

/** The secrets of a workflow, which can be set but not read. */
export function Secrets({ workflowId }: { readonly workflowId: string }) {
  const { data, error } = useQuery({
    queryKey: ["secrets", workflowId],
    queryFn: async ({ signal }) =>
      await api.get("/workflows/{workflowId}/secrets", { params: { path: { workflowId } }, signal }),
  });
  const [asked, setAsked] = useState<Asked>();
  const refusal = useRefusal("secrets:write", workflowId);
  const close = () => setAsked(undefined);
  return (
    <Section
      title="Secrets"
      about={
        <>
          The workflow gets a placeholder from <code>ctx.secrets</code>. The value is inserted when a request
          is sent to one of the hosts, and is never shown.
        </>
      }
      actions={
        <Button icon="plus" refusal={refusal} onClick={() => setAsked({ kind: "set", name: "", hosts: [] })}>
          Set secret
        </Button>
      }
    >
      {error === null ? null : <Problem error={error} />}
      {data?.items.length === 0 ? <p className="soft">No secrets</p> : null}
      {data === undefined || data.items.length === 0 ? null : (
        <Table label="Secrets" columns={["Name", "Allowed hosts", "Set", { hidden: "Actions" }]}>
          {data.items.map(({ name, hosts, updatedAt }) => (
            <tr key={name}>
              <th scope="row" className="mono">
                {name}
              </th>
              <td className="mono">{hosts.join(", ")}</td>
              <td className="soft">
                <Moment at={updatedAt} />
              </td>
              <td>
                <Button size="small" refusal={refusal} onClick={() => setAsked({ kind: "set", name, hosts })}>
                  Replace…<span className="visually-hidden"> {name}</span>
                </Button>{" "}
                <Button
                  size="small"
                  kind="danger"
                  refusal={refusal}
                  onClick={() => setAsked({ kind: "remove", name, hosts })}
                >
                  Delete…<span className="visually-hidden"> {name}</span>
                </Button>
              </td>
            </tr>
          ))}
        </Table>
      )}
      {asked?.kind === "set" ? <SetDialog workflowId={workflowId} asked={asked} onClose={close} /> : null}
      {asked?.kind === "remove" ? (
        <RemoveDialog workflowId={workflowId} name={asked.name} onClose={close} />
      ) : null}
    </Section>
  );
}

function SetDialog({
  workflowId,
  asked,
  onClose,
}: {
  readonly workflowId: string;
  readonly asked: Asked;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(asked.name);
  const [value, setValue] = useState("");
  const [hosts, setHosts] = useState(asked.hosts.join(", "));
  const queries = useQueryClient();
  const toast = useToast();
  const set = async () => {
    if (name === "") throw new FormError([{ parameter: "name", detail: "Enter a name." }]);
    await api.put("/workflows/{workflowId}/secrets/{name}", {
      params: { path: { workflowId, name } },
      body: { value, hosts: hosts.split(/[\s,]+/).filter((host) => host !== "") },
    });
    toast.done(`Secret ${name} set`);
    await queries.invalidateQueries({ queryKey: ["secrets", workflowId] });
  };
  return (
    <Dialog
      title={asked.name === "" ? "Set secret" : `Replace ${asked.name}`}
      submit="Set"
      onSubmit={set}
      onClose={onClose}
    >
      {asked.name === "" ? (
        <TextField
          label="Name"
          at="name"
          value={name}
          onChange={setName}
          mono
          required
          placeholder="STRIPE_KEY"
          hint="Capital letters, digits and “_”."
        />
      ) : null}
      <TextField
        label="Value"
        at="#/value"
        type="password"
        autoComplete="off"
        value={value}
        onChange={setValue}
        required
        hint="It will not be shown again."
      />
      <TextField
        label="Allowed hosts"
        at="#/hosts"
        value={hosts}
        onChange={setHosts}
        mono
        required
        placeholder="api.stripe.com"
        hint="Hosts separated by commas."
      />
    </Dialog>
  );
}

function RemoveDialog({
  workflowId,
  name,
  onClose,
}: {
  readonly workflowId: string;
  readonly name: string;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const toast = useToast();
  const remove = async () => {
    await api.delete("/workflows/{workflowId}/secrets/{name}", { params: { path: { workflowId, name } } });
    toast.done(`Secret ${name} deleted`);
    await queries.invalidateQueries({ queryKey: ["secrets", workflowId] });
  };
  return (
    <Confirm title={`Delete ${name}?`} action="Delete" onConfirm={remove} onClose={onClose}>
      Requests that need it fail immediately, including those of running executions.
    </Confirm>
  );
}
