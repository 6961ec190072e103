import type { ApiKey, CreatedApiKey } from "#client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { Confirm } from "../components/confirm.tsx";
import { Loading } from "../components/loading.tsx";
import { OneTimeSecret } from "../components/one-time-secret.tsx";
import { Section } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { Table } from "../components/table.tsx";
import { useToast } from "../components/toast.tsx";
import { useList } from "../components/use-list.ts";
import { useSession } from "../session/session.tsx";
import { RelativeTime, Moment } from "../time/moment.tsx";
import { useNow } from "../time/now.ts";
import { NewApiKeyDialog } from "./new-api-key-dialog.tsx";

/** Lists, creates and revokes API keys. */
export function ApiKeys() {
  const queries = useQueryClient();
  const { items, error, more } = useList<ApiKey>(
    ["api-keys"],
    async (page, signal) => await api.get("/api-keys", { params: { query: page }, signal }),
  );
  const [isCreating, setCreating] = useState(false);
  const [created, setCreated] = useState<CreatedApiKey>();
  const [revoked, setRevoked] = useState<ApiKey>();
  const refresh = async () => await queries.invalidateQueries({ queryKey: ["api-keys"] });
  return (
    <Section
      title="API keys"
      about="Give each program and each person a separate key with the fewest scopes it needs. Keys are shown only once and stored as hashes."
      actions={
        <Button kind="primary" icon="plus" onClick={() => setCreating(true)}>
          New key
        </Button>
      }
    >
      {error === null ? null : <Problem error={error} />}
      {items === undefined ? (
        error === null ? (
          <Loading what="keys" />
        ) : null
      ) : (
        <KeyTable keys={items} onRevoke={setRevoked} />
      )}
      {more === undefined ? null : <Button onClick={more}>Load more</Button>}
      {isCreating ? (
        <NewApiKeyDialog
          onClose={() => setCreating(false)}
          onCreated={(key) => {
            setCreated(key);
            void refresh();
          }}
        />
      ) : null}
      {created === undefined ? null : (
        <OneTimeSecret
          title={`Key “${created.name}”`}
          secret={created.key}
          onClose={() => setCreated(undefined)}
        >
          Copy it now. It will not be shown again.
        </OneTimeSecret>
      )}
      {revoked === undefined ? null : (
        <RevokeDialog apiKey={revoked} onDone={refresh} onClose={() => setRevoked(undefined)} />
      )}
    </Section>
  );
}

function RevokeDialog({
  apiKey: { id, name },
  onDone,
  onClose,
}: {
  readonly apiKey: ApiKey;
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}) {
  const toast = useToast();
  const isOwn = useSession().keyId === id;
  const revoke = async () => {
    await api.delete("/api-keys/{apiKeyId}", { params: { path: { apiKeyId: id } } });
    toast.done(`Key “${name}” revoked`);
    await onDone();
  };
  return (
    <Confirm
      title={isOwn ? `Revoke your own key “${name}”?` : `Revoke “${name}”?`}
      action={isOwn ? "Revoke my key and log out" : "Revoke"}
      typed={isOwn ? name : undefined}
      onConfirm={revoke}
      onClose={onClose}
    >
      {isOwn ? (
        <p>
          <strong>You are logged in with this key.</strong> Revoking it ends this session. You need another
          key to log in again.
        </p>
      ) : null}
      <p>Requests with this key are rejected immediately and its sessions end. This cannot be undone.</p>
    </Confirm>
  );
}

function KeyTable({
  keys,
  onRevoke,
}: {
  readonly keys: readonly ApiKey[];
  readonly onRevoke: (key: ApiKey) => void;
}) {
  const now = useNow(true, 30_000);
  const { keyId } = useSession();
  if (keys.length === 0)
    return <p className="soft">Only the root key exists. It is set in the environment.</p>;
  return (
    <Table
      label="API keys"
      columns={["Name", "Key", "Scopes", "Workflows", "Last used", "Expires", { hidden: "Actions" }]}
    >
      {keys.map((key) => (
        <tr key={key.id}>
          <th scope="row">
            {key.name} {key.id === keyId ? <span className="badge">current</span> : null}
          </th>
          <td className="mono nowrap">{key.prefix}…</td>
          <td>
            <span className="row scopes">
              {key.scopes.map((scope) => (
                <span key={scope} className="badge">
                  {scope}
                </span>
              ))}
            </span>
          </td>
          <td>{key.workflows === undefined ? "all workflows" : key.workflows.join(", ")}</td>
          <td className="soft">
            {key.lastUsedAt === undefined ? "never" : <RelativeTime at={key.lastUsedAt} now={now} />}
          </td>
          <td className="soft">{key.expiresAt === undefined ? "never" : <Moment at={key.expiresAt} />}</td>
          <td>
            <Button size="small" kind="danger" onClick={() => onRevoke(key)}>
              Revoke…<span className="visually-hidden"> {key.name}</span>
            </Button>
          </td>
        </tr>
      ))}
    </Table>
  );
}
