import type { CreatedApiKey } from "#client";
import { useState } from "react";
import { api } from "../api.ts";
import { Dialog } from "../components/dialog.tsx";
import { CheckboxGroup, SelectField, TextField } from "../components/field.tsx";
import { useSession } from "../session/session.tsx";
import type { Scope } from "../session/session.tsx";

/** Descriptions of the scopes. */
const scopes: readonly (readonly [Scope, string])[] = [
  ["workflows:read", "See workflows, versions and settings"],
  ["workflows:deploy", "Write, deploy, roll back and configure"],
  ["executions:run", "Execute, and send events"],
  ["executions:read", "See executions, results and consoles"],
  ["executions:manage", "Cancel, pause, retry and delete"],
  ["alerts:manage", "Add, change and delete rules of alerts"],
  ["schedules:manage", "Create, change and trigger schedules"],
  ["queues:manage", "Manage queues and shared limits"],
  ["engines:manage", "Add and remove engines of languages"],
  ["secrets:write", "Set and remove secrets"],
  ["keys:manage", "Create and revoke keys, see the audit log"],
  ["metrics:read", "Read metrics"],
  ["components:build", "Build portable components"],
];

const usual: readonly Scope[] = scopes.slice(0, 5).map(([scope]) => scope);

const lifetimes = [
  ["", "Never"],
  ["7", "In 7 days"],
  ["30", "In 30 days"],
  ["90", "In 90 days"],
  ["365", "In a year"],
] as const;

type Lifetime = (typeof lifetimes)[number][0];

/** Creates an API key. A key cannot grant more than it has itself. */
export function NewApiKeyDialog({
  onClose,
  onCreated,
}: {
  readonly onClose: () => void;
  readonly onCreated: (key: CreatedApiKey) => void;
}) {
  const session = useSession();
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<ReadonlySet<Scope>>(
    new Set(usual.filter((each) => session.scopes.includes(each))),
  );
  const [workflows, setWorkflows] = useState(session.workflows?.join(", ") ?? "");
  const [lifetime, setLifetime] = useState<Lifetime>("");
  const create = async () => {
    const only = workflows.split(/[\s,]+/).filter((each) => each !== "");
    const days = Number(lifetime);
    onCreated(
      await api.post("/api-keys", {
        body: {
          name: name.trim(),
          scopes: [...chosen],
          ...(only.length === 0 ? {} : { workflows: only }),
          ...(days === 0 ? {} : { expiresAt: new Date(Date.now() + days * 86_400_000).toISOString() }),
        },
      }),
    );
  };
  return (
    <Dialog title="New API key" submit="Create" onSubmit={create} onClose={onClose}>
      <TextField
        label="Name"
        at="#/name"
        value={name}
        onChange={setName}
        required
        maxLength={100}
        hint="The person or program that uses the key."
      />
      <CheckboxGroup label="Scopes" at="#/scopes" value={chosen}>
        {scopes.map(([scope, about]) => (
          <label key={scope} className="choice">
            <input
              type="checkbox"
              checked={chosen.has(scope)}
              disabled={!session.scopes.includes(scope)}
              onChange={() => setChosen(chosen.symmetricDifference(new Set([scope])))}
            />
            <span>
              {about} <code className="faint">{scope}</code>
            </span>
          </label>
        ))}
      </CheckboxGroup>
      <TextField
        label="Limit to workflows"
        at="#/workflows"
        value={workflows}
        onChange={setWorkflows}
        mono
        placeholder="all"
        hint="Names separated by commas. Leave empty for all workflows."
      />
      <SelectField
        label="Expires"
        at="#/expiresAt"
        value={lifetime}
        options={lifetimes}
        onChange={setLifetime}
      />
    </Dialog>
  );
}
