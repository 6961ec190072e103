import { lazy, Suspense, useState } from "react";
import { Loading } from "../../components/loading.tsx";
import type { Draft } from "../../drafts/draft.ts";
import { count } from "../../model/plural.ts";
import { type ChangedFile, changedFiles } from "./changed-files.ts";
import "./versions.css";

/** Loaded with the first comparison, because it is large. */
const DiffView = lazy(async () => ({ default: (await import("../monaco/diff-view.tsx")).DiffView }));

/** The differences of two sources, file by file. */
export function SourceDiff({
  before,
  after,
  beforeName,
  afterName,
}: {
  readonly before: Draft;
  readonly after: Draft;
  readonly beforeName: string;
  readonly afterName: string;
}) {
  const changed = changedFiles(before, after);
  const [chosen, choose] = useState<string>();
  const shown = changed.find(({ path }) => path === chosen) ?? firstToShow(changed);
  return (
    <div className="source-diff">
      {before.entry === "" || before.entry === after.entry ? null : (
        <p>
          The entry is <code>{after.entry}</code>; in {beforeName} it is <code>{before.entry}</code>.
        </p>
      )}
      {shown === undefined ? (
        <p className="soft">
          The files of {beforeName} and {afterName} are the same.
        </p>
      ) : (
        <>
          <ChangedFiles changed={changed} shown={shown} onChoose={choose} />
          <div className="diff-names" aria-hidden>
            <span>{beforeName}</span>
            <span>{afterName}</span>
          </div>
          <Suspense fallback={<Loading what="comparison" />}>
            <DiffView
              path={shown.path}
              before={shown.before}
              after={shown.after}
              label={`${shown.path}: ${beforeName} and ${afterName}`}
            />
          </Suspense>
        </>
      )}
    </div>
  );
}

/** Changed files come first, because they are more relevant than added or removed ones. */
function firstToShow(changed: readonly ChangedFile[]): ChangedFile | undefined {
  return changed.find(({ change }) => change === "changed") ?? changed[0];
}

function ChangedFiles({
  changed,
  shown,
  onChoose,
}: {
  readonly changed: readonly ChangedFile[];
  readonly shown: ChangedFile;
  readonly onChoose: (path: string) => void;
}) {
  return (
    <ul className="changed-files" aria-label={`${count(changed.length, "file")} that differ`}>
      {changed.map(({ path, change }) => (
        <li key={path}>
          <button
            type="button"
            className="changed-file"
            data-change={change}
            aria-pressed={path === shown.path}
            onClick={() => onChoose(path)}
          >
            {path}
            <span className="changed-file-kind">{change}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
