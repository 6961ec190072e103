import { watch } from "node:fs";
import { sep } from "node:path";

/** Calls back shortly after a file below a folder has changed, except for files that tools write. */
export function watchFolder(folder: string, onChange: () => void): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true }, (_event, path) => {
    if (path !== null && isIgnored(path)) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, settleMs);
  });
  // The watched folder was deleted, so there will be no more changes.
  watcher.on("error", () => watcher.close());
  return {
    [Symbol.dispose]() {
      clearTimeout(timer);
      watcher.close();
    },
  };
}

/** Editors write a file in several steps. */
const settleMs = 80;

function isIgnored(path: string): boolean {
  return path
    .split(sep)
    .some((part) => ["node_modules", ".git", "data", "__pycache__", ".venv", "venv"].includes(part));
}
