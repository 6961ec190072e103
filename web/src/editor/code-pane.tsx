import { useState } from "react";
import { changeFile, deleteFile, type Draft, makeEntry, renameFile } from "../drafts/draft.ts";
import { FileList } from "./files/file-list.tsx";
import { CodeEditor, leaveHint, type Place } from "./monaco/code-editor.tsx";
import type { Workspace } from "./monaco/workspace.ts";
import { ProblemsList } from "./problems/problems-list.tsx";
import type { EditorProblem } from "./problems/problems.ts";

/** The list of files, the open file, and the problems. */
export function CodePane({
  draft,
  workspace,
  path,
  goTo,
  problems,
  refusal,
  onEdit,
  onOpen,
  onGo,
}: {
  readonly draft: Draft;
  readonly workspace: Workspace;
  readonly path: string;
  readonly goTo: Place | undefined;
  readonly problems: readonly EditorProblem[];
  /** Why editing is disabled. */
  readonly refusal: string | undefined;
  readonly onEdit: (draft: Draft) => void;
  readonly onOpen: (path: string) => void;
  readonly onGo: (place: Place) => void;
}) {
  const [cursor, setCursor] = useState({ line: 1, column: 1 });
  const edit = (next: Draft, open?: string) => {
    onEdit(next);
    if (open !== undefined) onOpen(open);
  };
  return (
    <>
      <FileList
        draft={draft}
        openPath={path}
        refusal={refusal}
        errors={errorsByFile(problems)}
        onOpen={onOpen}
        onAdd={(name) => edit(changeFile(draft, name, ""), name)}
        onRename={(from, to) => edit(renameFile(draft, from, to), from === path ? to : undefined)}
        onDelete={(name) => edit(deleteFile(draft, name))}
        onMakeEntry={(name) => edit(makeEntry(draft, name))}
      />
      <section className="code-pane" aria-label={path}>
        <CodeEditor
          workspace={workspace}
          path={path}
          readOnly={refusal !== undefined}
          goTo={goTo}
          onMove={(line, column) => setCursor({ line, column })}
        />
        <p className="code-status">
          <span className="truncate">{path}</span>
          <span>
            Line {cursor.line}, column {cursor.column}
          </span>
          <span className="push code-hint">{leaveHint}</span>
        </p>
        <ProblemsList problems={problems} onGo={onGo} />
      </section>
    </>
  );
}

function errorsByFile(problems: readonly EditorProblem[]): ReadonlyMap<string, number> {
  const errors = problems.filter(({ severity }) => severity === "error");
  const byPath = Map.groupBy(errors, ({ place }) => place?.path ?? "");
  return new Map([...byPath].map(([path, found]) => [path, found.length]));
}
