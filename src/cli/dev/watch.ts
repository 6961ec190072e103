import { watch } from "node:fs";
import { sep } from "node:path";

/** Calls back a moment after a file below a folder has changed; what tools write by themselves does not count. */
export function watchFolder(folder: string, onChange: () => void): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true }, (_event, path) => {
    if (path !== null && isIgnored(path)) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, settleMs);
  });
  // A folder that goes away while it is watched: whoever waits for changes has none to wait for.
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
  return path.split(sep).some((part) => ["node_modules", ".git", "data"].includes(part));
}
