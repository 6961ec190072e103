import { useState } from "react";
import { changeFile, deleteFile, type Draft, makeEntry, renameFile } from "../drafts/draft.ts";
import { FileList, type Naming } from "./files/file-list.tsx";
import { FileTabs } from "./files/file-tabs.tsx";
import type { OpenFiles } from "./files/use-open-files.ts";
import { stackedLayout } from "./layout/use-layout.ts";
import { CodeEditor, leaveHint } from "./monaco/code-editor.tsx";
import { isLibrary } from "../model/package-files.ts";
import type { Workspace } from "./monaco/workspace.ts";
import type { EditorProblem } from "./problems/problems.ts";

/** The tabs of the open files, the list of all files, and the file that is edited. */
export function CodePane({
  draft,
  workspace,
  files,
  problems,
  refusal,
  isListOpen = hasMuchToList(draft),
  onListOpen,
  onEdit,
}: {
  readonly draft: Draft;
  readonly workspace: Workspace;
  readonly files: OpenFiles;
  readonly problems: readonly EditorProblem[];
  /** Why editing is disabled. */
  readonly refusal: string | undefined;
  /** Depends on the files until the user has chosen. */
  readonly isListOpen: boolean | undefined;
  readonly onListOpen: (isOpen: boolean) => void;
  readonly onEdit: (draft: Draft) => void;
}) {
  const [naming, setNaming] = useState<Naming>();
  const { path, open, onOpen } = files;
  const errors = errorsByFile(problems);
  return (
    <div className="code-area">
      <FileTabs
        open={open}
        openPath={path}
        errors={errors}
        refusal={refusal}
        isListOpen={isListOpen}
        onToggleList={() => onListOpen(!isListOpen)}
        onOpen={onOpen}
        onClose={files.onClose}
        onAdd={() => {
          onListOpen(true);
          setNaming({});
        }}
      />
      <div className="code-columns">
        {isListOpen ? (
          <FileList
            draft={draft}
            openPath={path}
            refusal={refusal}
            errors={errors}
            naming={naming}
            onNaming={setNaming}
            onOpen={onOpen}
            onAdd={(name) => {
              onEdit(changeFile(draft, name, ""));
              onOpen(name);
            }}
            onRename={(from, to) => {
              onEdit(renameFile(draft, from, to));
              files.onRename(from, to);
            }}
            onDelete={(name) => onEdit(deleteFile(draft, name))}
            onMakeEntry={(name) => onEdit(makeEntry(draft, name))}
          />
        ) : null}
        <OpenFile workspace={workspace} files={files} refusal={refusal} />
      </div>
    </div>
  );
}

function OpenFile({
  workspace,
  files: { path, goTo },
  refusal,
}: {
  readonly workspace: Workspace;
  readonly files: OpenFiles;
  readonly refusal: string | undefined;
}) {
  const [cursor, setCursor] = useState({ line: 1, column: 1 });
  return (
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
    </section>
  );
}

/** One file needs no list, and a narrow window has no space for one. */
function hasMuchToList({ files, dependencies = {}, packages = {} }: Draft): boolean {
  if (matchMedia(stackedLayout).matches) return false;
  const paths = Object.keys(files);
  return (
    paths.filter((path) => !path.startsWith("tests/")).length > 3 ||
    paths.some(isLibrary) ||
    Object.keys({ ...dependencies, ...packages }).length > 0
  );
}

function errorsByFile(problems: readonly EditorProblem[]): ReadonlyMap<string, number> {
  const errors = problems.filter(({ severity }) => severity === "error");
  const byPath = Map.groupBy(errors, ({ place }) => place?.path ?? "");
  return new Map([...byPath].map(([path, found]) => [path, found.length]));
}
