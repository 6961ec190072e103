import type { Version } from "#client";
import { languageNames } from "#domain/engines/language.ts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useAbout } from "../../about.ts";
import { formatBytes } from "../../bytes.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { useToast } from "../../components/toast.tsx";
import { activateVersion } from "../../model/versions-api.ts";
import { useRefusal } from "../../session/session.tsx";
import { RelativeTime } from "../../time/moment.tsx";
import { useNow } from "../../time/now.ts";
import { downloadComponent } from "./download-component.ts";
import { NoteDialog } from "./note-dialog.tsx";

/** One row per version, with its actions. */
export function VersionsTable({
  workflowId,
  versions,
  onCompare,
}: {
  readonly workflowId: string;
  readonly versions: readonly Version[];
  /** Shows the changes of a version. */
  readonly onCompare: (version: number) => void;
}) {
  const queries = useQueryClient();
  const toast = useToast();
  const [asked, ask] = useState<number>();
  const [noted, setNoted] = useState<Version>();
  const current = versions.find((version) => version.current)?.version;
  const activate = useMutation({
    mutationFn: async (version: number) => await activateVersion(workflowId, version),
    onSuccess: async ({ version }) => {
      toast.done(`Version ${version} activated`);
      const stale = [["workflow", workflowId], ["versions", workflowId], ["workflows"]];
      await Promise.all(stale.map(async (queryKey) => await queries.invalidateQueries({ queryKey })));
    },
  });
  return (
    <div className="card versions">
      <table className="versions-table">
        <caption className="visually-hidden">Versions, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Deployed</th>
            <th scope="col" className="versions-size">
              Source
            </th>
            <th scope="col" className="versions-size">
              Image
            </th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => (
            <VersionRow
              key={version.version}
              workflowId={workflowId}
              version={version}
              isActivating={activate.isPending && activate.variables === version.version}
              onActivate={() => ask(version.version)}
              onCompare={() => onCompare(version.version)}
              onNote={() => setNoted(version)}
            />
          ))}
        </tbody>
      </table>
      {asked === undefined ? null : (
        <Dialog
          title={`Activate version ${asked}?`}
          submit="Activate"
          onSubmit={async () => await activate.mutateAsync(asked)}
          onClose={() => ask(undefined)}
        >
          <p>
            New executions run version {asked}
            {current === undefined ? "" : ` instead of version ${current}`}. Running executions keep the
            version they started with.
          </p>
        </Dialog>
      )}
      {noted === undefined ? null : <NoteDialog version={noted} onClose={() => setNoted(undefined)} />}
    </div>
  );
}

function VersionRow({
  workflowId,
  version: { version, current, deployedBy, deployedAt, engineDigest, language, sizes, note },
  isActivating,
  onActivate,
  onCompare,
  onNote,
}: {
  readonly workflowId: string;
  readonly version: Version;
  readonly isActivating: boolean;
  readonly onActivate: () => void;
  readonly onCompare: () => void;
  readonly onNote: () => void;
}) {
  const refusal = useRefusal("workflows:deploy", workflowId);
  const hasComponents = useAbout()?.features.portableComponents ?? false;
  const now = useNow(true, 10_000);
  return (
    <tr data-current={current || undefined}>
      <th scope="row">
        {version} {current ? <span className="version-current">current</span> : null}
        {language === "javascript" ? null : <span className="soft"> {languageNames[language]}</span>}
      </th>
      <td>
        <RelativeTime at={deployedAt} now={now} /> <span className="soft">by {deployedBy}</span>
        {language === "javascript" ? null : (
          <p className="soft" title={`Engine ${engineDigest}`}>
            engine {engineDigest.slice(0, 12)}
          </p>
        )}
        {note === undefined ? null : <p className="version-note">{note}</p>}
      </td>
      <td className="versions-size">{formatBytes(sizes.sourceBytes)}</td>
      <td className="versions-size">{formatBytes(sizes.imageBytes)}</td>
      <td>
        <div className="row versions-actions">
          <Button size="small" kind="quiet" onClick={onCompare}>
            Show changes<span className="visually-hidden"> of version {version}</span>
          </Button>
          <Button size="small" kind="quiet" refusal={refusal} onClick={onNote}>
            {note === undefined ? "Add note…" : "Edit note…"}
            <span className="visually-hidden"> of version {version}</span>
          </Button>
          {hasComponents && language === "javascript" ? (
            <ComponentButton workflowId={workflowId} version={version} />
          ) : null}
          {current ? null : (
            <Button size="small" busy={isActivating} refusal={refusal} onClick={onActivate}>
              Activate<span className="visually-hidden"> (version {version})</span>
            </Button>
          )}
        </div>
      </td>
    </tr>
  );
}

/** The first download builds the component, which takes seconds. */
function ComponentButton({ workflowId, version }: { readonly workflowId: string; readonly version: number }) {
  const [isBusy, setBusy] = useState(false);
  const refusal = useRefusal("components:build", workflowId);
  const toast = useToast();
  const download = async () => {
    setBusy(true);
    await downloadComponent(workflowId, version).catch(toast.error);
    setBusy(false);
  };
  return (
    <Button size="small" kind="quiet" busy={isBusy} refusal={refusal} onClick={() => void download()}>
      component.wasm<span className="visually-hidden"> of version {version}</span>
    </Button>
  );
}
