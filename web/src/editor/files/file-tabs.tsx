import { Button } from "../../components/button.tsx";
import { Icon } from "../../components/icon.tsx";

/** The open files, the switch of the list of all files, and the button that adds one. */
export function FileTabs({
  open,
  openPath,
  errors,
  refusal,
  isListOpen,
  onToggleList,
  onOpen,
  onClose,
  onAdd,
}: {
  readonly open: readonly string[];
  readonly openPath: string;
  /** Number of errors of a file. */
  readonly errors: ReadonlyMap<string, number>;
  /** Why editing is disabled. */
  readonly refusal: string | undefined;
  readonly isListOpen: boolean;
  readonly onToggleList: () => void;
  readonly onOpen: (path: string) => void;
  readonly onClose: (path: string) => void;
  readonly onAdd: () => void;
}) {
  return (
    <nav className="file-tabs" aria-label="Open files">
      <button
        type="button"
        className="file-tabs-button"
        aria-label="List of files"
        title="List of files"
        aria-pressed={isListOpen}
        onClick={onToggleList}
      >
        <Icon name="sidebar" />
      </button>
      <ul className="file-tabs-list">
        {open.map((path) => (
          <li key={path} className="file-tab" data-open={path === openPath || undefined}>
            <button
              type="button"
              className="file-tab-name"
              title={path}
              aria-current={path === openPath ? "true" : undefined}
              onClick={() => onOpen(path)}
            >
              {tabName(path, open)}
              <ErrorCount count={errors.get(path) ?? 0} />
            </button>
            {open.length === 1 ? null : (
              <button
                type="button"
                className="file-tab-close"
                aria-label={`Close ${path}`}
                onClick={() => onClose(path)}
              >
                <Icon name="close" size={12} />
              </button>
            )}
          </li>
        ))}
      </ul>
      <Button kind="quiet" size="small" icon="plus" refusal={refusal} onClick={onAdd}>
        <span className="file-tabs-add">New file</span>
      </Button>
    </nav>
  );
}

function ErrorCount({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return (
    <span className="file-errors">
      <span className="visually-hidden">, errors: </span>
      {count}
    </span>
  );
}

/** The last part of the path, or the path if another open file has the same. */
function tabName(path: string, open: readonly string[]): string {
  const name = lastPart(path);
  return open.some((other) => other !== path && lastPart(other) === name) ? path : name;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
