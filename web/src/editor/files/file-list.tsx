import { Button } from "../../components/button.tsx";
import { Icon } from "../../components/icon.tsx";
import { Menu, MenuItem } from "../../components/menu.tsx";
import type { Draft } from "../../drafts/draft.ts";
import { isLibrary } from "../../model/package-files.ts";
import { count } from "../../model/plural.ts";
import { FileNameForm } from "./file-name-form.tsx";
import { type TreeLine, treeOf } from "./file-tree.ts";
import "./files.css";

export interface FileListProps {
  readonly draft: Draft;
  readonly openPath: string;
  /** Why editing is disabled. */
  readonly refusal: string | undefined;
  /** Number of errors of a file. */
  readonly errors: ReadonlyMap<string, number>;
  readonly onOpen: (path: string) => void;
  readonly onAdd: (path: string) => void;
  readonly onRename: (from: string, to: string) => void;
  readonly onDelete: (path: string) => void;
  readonly onMakeEntry: (path: string) => void;
  readonly naming: Naming | undefined;
  readonly onNaming: (naming: Naming | undefined) => void;
}

/** A file that is being named: renamed if it has a name already. */
export interface Naming {
  readonly from?: string;
}

/** The files of a workflow with their actions. */
export function FileList(props: FileListProps) {
  const { draft, refusal, onAdd, onRename, naming, onNaming } = props;
  const paths = Object.keys(draft.files);
  const shown = paths.filter((path) => !isLibrary(path));
  const finish = (name: string) => {
    if (naming?.from === undefined) onAdd(name);
    else onRename(naming.from, name);
    onNaming(undefined);
  };
  return (
    <nav className="files" aria-label="Files">
      <div className="files-head">
        <h2 className="files-title">Files</h2>
        <Button kind="quiet" size="small" icon="plus" refusal={refusal} onClick={() => onNaming({})}>
          New file
        </Button>
      </div>
      <ul className="files-list">
        {treeOf(shown).map((line) => (
          <li key={`${line.kind}:${line.path}`} style={{ paddingInlineStart: `${line.depth * 0.85}rem` }}>
            {line.kind === "folder" ? (
              <span className="file-folder">{line.name}/</span>
            ) : naming?.from === line.path ? null : (
              <FileLine line={line} {...props} onBeginRename={() => onNaming({ from: line.path })} />
            )}
            {naming?.from === line.path && line.kind === "file" ? (
              <FileNameForm
                initial={line.path}
                taken={paths.filter((path) => path !== line.path)}
                verb="Rename"
                onDone={finish}
                onCancel={() => onNaming(undefined)}
              />
            ) : null}
          </li>
        ))}
      </ul>
      <Packages draft={draft} />
      {naming !== undefined && naming.from === undefined ? (
        <FileNameForm
          initial=""
          taken={paths}
          verb="Add"
          onDone={finish}
          onCancel={() => onNaming(undefined)}
        />
      ) : null}
    </nav>
  );
}

/** Packages that the files can import: files that came with a deploy, and packages that were added. */
function Packages({ draft }: { readonly draft: Draft }) {
  const { files, dependencies = {}, packages = {}, packageLock = {} } = draft;
  const bundled = Map.groupBy(Object.keys(files).filter(isLibrary), (path) => path.split("/", 1)[0] ?? "");
  const added = Object.keys(packages).map((name) => {
    const { version = "" } = packageLock[`node_modules/${name}`] ?? {};
    return [name, version] as const;
  });
  const named = [...Object.entries(dependencies), ...added];
  if (bundled.size === 0 && named.length === 0) return null;
  return (
    <div className="files-packages">
      <h2 className="files-title">Packages</h2>
      <ul>
        {named.map(([name, version]) => (
          <li key={name} className="mono">
            {name} {version}
          </li>
        ))}
        {[...bundled].map(([folder, paths]) => (
          <li key={folder}>
            {count(paths.length, "file")} of {folder}
          </li>
        ))}
      </ul>
    </div>
  );
}

function FileLine({
  line: { path, name },
  draft,
  openPath,
  refusal,
  errors,
  onOpen,
  onDelete,
  onMakeEntry,
  onBeginRename,
}: FileListProps & { readonly line: TreeLine; readonly onBeginRename: () => void }) {
  const isEntry = path === draft.entry;
  const isLast = Object.keys(draft.files).length === 1;
  const wrong = errors.get(path) ?? 0;
  return (
    <div className="file-line" data-open={path === openPath || undefined}>
      <button
        type="button"
        className="file-name"
        aria-current={path === openPath ? "true" : undefined}
        onClick={() => onOpen(path)}
      >
        <Icon name="file" />
        <span className="truncate">{name}</span>
        {isEntry ? (
          <span className="file-entry" title="Exports run">
            entry
          </span>
        ) : null}
        {wrong === 0 ? null : (
          <span className="file-errors">
            <span className="visually-hidden">, errors: </span>
            {wrong}
          </span>
        )}
      </button>
      {refusal !== undefined ? null : (
        <Menu label={`Actions for ${path}`} button={<span aria-hidden>⋯</span>}>
          <MenuItem onSelect={onBeginRename}>Rename</MenuItem>
          {isEntry ? null : <MenuItem onSelect={() => onMakeEntry(path)}>Set as entry file</MenuItem>}
          {isLast ? null : <MenuItem onSelect={() => onDelete(path)}>Delete</MenuItem>}
        </Menu>
      )}
    </div>
  );
}
