import { useState } from "react";
import { parseHostPattern } from "#domain/host-pattern.ts";
import type { PreviewSecret } from "#preview/contract/preview.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";

type Secrets = Readonly<Record<string, PreviewSecret>>;

/** Values for `ctx.secrets` in previews. The server's secrets cannot be read, so previews need their own. */
export function PreviewSecrets({
  secrets,
  onChange,
}: {
  readonly secrets: Secrets;
  readonly onChange: (secrets: Secrets) => void;
}) {
  const [isAdding, setAdding] = useState(false);
  const remove = (name: string) => {
    const { [name]: _removed, ...others } = secrets;
    onChange(others);
  };
  return (
    <div className="stack tight">
      <p className="label">Preview secrets</p>
      {Object.entries(secrets).map(([name, { hosts }]) => (
        <div key={name} className="row">
          <span className="grow truncate">
            <code>{name}</code> <span className="soft">for {hosts.join(", ")}</span>
          </span>
          <Button size="small" kind="quiet" onClick={() => remove(name)}>
            <span className="visually-hidden">{name}: </span>Remove
          </Button>
        </div>
      ))}
      {isAdding ? (
        <SecretForm
          onCancel={() => setAdding(false)}
          onAdd={(name, secret) => {
            onChange({ ...secrets, [name]: secret });
            setAdding(false);
          }}
        />
      ) : (
        <div>
          <Button size="small" icon="plus" onClick={() => setAdding(true)}>
            Add secret
          </Button>
        </div>
      )}
    </div>
  );
}

function SecretForm({
  onAdd,
  onCancel,
}: {
  readonly onAdd: (name: string, secret: PreviewSecret) => void;
  readonly onCancel: () => void;
}) {
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const [hosts, setHosts] = useState("");
  const [error, setError] = useState<string>();
  const add = () => {
    const patterns = hosts.split(",").map((host) => host.trim());
    const why = whyNotName(name) ?? whyNotHosts(patterns);
    setError(why);
    if (why === undefined) onAdd(name, { value, hosts: patterns });
  };
  return (
    <form
      className="stack tight"
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <TextField label="Name" placeholder="STRIPE_KEY" mono value={name} onChange={setName} />
      <TextField label="Value" type="password" autoComplete="off" value={value} onChange={setValue} />
      <TextField
        label="Hosts"
        placeholder="api.stripe.com"
        value={hosts}
        onChange={setHosts}
        error={error}
        hint="Hosts it may be sent to, separated by commas. Kept in this tab only."
      />
      <div className="row">
        <Button size="small" type="submit" kind="primary">
          Add
        </Button>
        <Button size="small" kind="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function whyNotName(name: string): string | undefined {
  return /^[A-Z][A-Z0-9_]*$/.test(name) ? undefined : "Use capital letters, digits and “_”.";
}

function whyNotHosts(patterns: readonly string[]): string | undefined {
  try {
    for (const pattern of patterns) parseHostPattern(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
