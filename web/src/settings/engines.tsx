import type { InstalledEngine } from "#client";
import { languageNames } from "#domain/engines/language.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api } from "../api.ts";
import { formatBytes } from "../bytes.ts";
import { Button } from "../components/button.tsx";
import { Confirm } from "../components/confirm.tsx";
import { Loading } from "../components/loading.tsx";
import { Section } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { Table } from "../components/table.tsx";
import { useToast } from "../components/toast.tsx";
import { saveAsFile } from "../save-as-file.ts";
import { useRefusal } from "../session/session.tsx";
import { RelativeTime } from "../time/moment.tsx";
import { useNow } from "../time/now.ts";

/** Lists, imports, exports and removes the engines of languages. */
export function Engines() {
  const queries = useQueryClient();
  const { data, error } = useQuery({
    queryKey: ["engines"],
    queryFn: async () => (await api.get("/engines")).items,
  });
  const [removed, setRemoved] = useState<InstalledEngine>();
  const refresh = async () => await queries.invalidateQueries({ queryKey: ["engines"] });
  return (
    <Section
      title="Engines"
      about="An engine runs the workflows of one language. JavaScript’s is part of Duranium; build another one with “npx duranium engines add python”, or import its file."
      actions={<ImportButton onImported={refresh} />}
    >
      {error === null ? null : <Problem error={error} />}
      {data === undefined ? (
        error === null ? (
          <Loading what="engines" />
        ) : null
      ) : (
        <EngineTable engines={data} onRemove={setRemoved} />
      )}
      {removed === undefined ? null : (
        <RemoveDialog engine={removed} onDone={refresh} onClose={() => setRemoved(undefined)} />
      )}
    </Section>
  );
}

function ImportButton({ onImported }: { readonly onImported: () => Promise<void> }) {
  const input = useRef<HTMLInputElement>(null);
  const [isBusy, setBusy] = useState(false);
  const toast = useToast();
  const importFile = async (file: File) => {
    setBusy(true);
    try {
      const headers = { "content-type": "application/octet-stream" };
      toast.done(`${nameOf(await api.post("/engines", { body: file, headers }))} added`);
      await onImported();
    } catch (error) {
      toast.error(error);
    }
    setBusy(false);
  };
  return (
    <>
      <Button
        kind="primary"
        icon="plus"
        busy={isBusy}
        refusal={useRefusal("engines:manage")}
        onClick={() => input.current?.click()}
      >
        Import file…
      </Button>
      <input
        ref={input}
        type="file"
        accept=".engine"
        hidden
        aria-label="Engine file"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          target.value = "";
          if (file !== undefined) void importFile(file);
        }}
      />
    </>
  );
}

function EngineTable({
  engines,
  onRemove,
}: {
  readonly engines: readonly InstalledEngine[];
  readonly onRemove: (engine: InstalledEngine) => void;
}) {
  const now = useNow(true, 30_000);
  return (
    <Table
      label="Engines"
      columns={["Language", "Version", "Digest", "Size", "Versions in use", "Added", { hidden: "Actions" }]}
    >
      {engines.map((engine) => (
        <tr key={engine.digest}>
          <th scope="row">
            {languageNames[engine.language]} {engine.current ? <span className="badge">current</span> : null}
          </th>
          <td className="nowrap">{engine.languageVersion}</td>
          <td className="mono" title={engine.digest}>
            {engine.digest.slice(0, 12)}
          </td>
          <td className="nowrap">{formatBytes(engine.bytes)}</td>
          <td>{engine.versionsInUse}</td>
          <td className="soft">
            {engine.addedAt === undefined ? (
              "with the release"
            ) : (
              <>
                <RelativeTime at={engine.addedAt} now={now} /> by {engine.addedBy}
              </>
            )}
          </td>
          <td>{engine.builtIn ? null : <Actions engine={engine} onRemove={onRemove} />}</td>
        </tr>
      ))}
    </Table>
  );
}

function Actions({
  engine,
  onRemove,
}: {
  readonly engine: InstalledEngine;
  readonly onRemove: (engine: InstalledEngine) => void;
}) {
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const { digest, language, languageVersion, versionsInUse } = engine;
  const inUse =
    versionsInUse === 0
      ? undefined
      : `${versionsInUse === 1 ? "A version was" : `${versionsInUse} versions were`} deployed with it.`;
  const refusal = useRefusal("engines:manage") ?? inUse;
  const exportFile = async () => {
    setBusy(true);
    try {
      const params = { path: { digest } };
      const file: unknown = await api.get("/engines/{digest}/content", { params, parseAs: "blob" });
      saveAsFile(`${language}-${languageVersion}.engine`, file as Blob);
    } catch (error) {
      toast.error(error);
    }
    setBusy(false);
  };
  const hidden = <span className="visually-hidden"> {nameOf(engine)}</span>;
  return (
    <div className="row">
      <Button size="small" kind="quiet" busy={isBusy} onClick={() => void exportFile()}>
        Export{hidden}
      </Button>
      <Button size="small" kind="danger" refusal={refusal} onClick={() => onRemove(engine)}>
        Remove…{hidden}
      </Button>
    </div>
  );
}

function RemoveDialog({
  engine,
  onDone,
  onClose,
}: {
  readonly engine: InstalledEngine;
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}) {
  const toast = useToast();
  const remove = async () => {
    await api.delete("/engines/{digest}", { params: { path: { digest: engine.digest } } });
    toast.done(`${nameOf(engine)} removed`);
    await onDone();
  };
  const name = languageNames[engine.language];
  return (
    <Confirm title={`Remove ${nameOf(engine)}?`} action="Remove" onConfirm={remove} onClose={onClose}>
      <p>
        {engine.current
          ? `Deploys in ${name} use the ${name} engine that was added before it, and are rejected if there is none.`
          : "No version was deployed with it."}
      </p>
    </Confirm>
  );
}

function nameOf({ language, languageVersion }: InstalledEngine): string {
  return `${languageNames[language]} engine ${languageVersion}`;
}
