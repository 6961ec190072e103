import type { FileTree } from "./file-tree.ts";
import { folderOf } from "./file-tree.ts";
import { join } from "./resolver.ts";

/** Whether a file of a package is sent: modules and data files, without what only tools, tests and other engines use. */
export function isSent(path: string): boolean {
  const parts = path.split("/");
  if (parts.some((part) => part === "__pycache__" || part.startsWith("."))) return false;
  if (parts.slice(0, -1).some((part) => part === "tests" || part === "test")) return false;
  const [folder = "", file = ""] = [parts[0], parts.at(-1)];
  if (/\.(?:dist|egg)-info$/.test(folder)) return file === "METADATA" || file === "entry_points.txt";
  return !/\.(?:py[cio]|pyd|pyx|pxd|so|dll|dylib|a|c|cc|cpp|h|hpp|rs|exe)$/.test(file) && file !== "py.typed";
}

/** The files below a folder that are sent. */
export function sentFilesBelow(tree: FileTree, folder: string): readonly string[] {
  return tree.list(folder).flatMap((name) => {
    const path = join(folder, name);
    if (tree.isFile(path)) return isSent(path) ? [path] : [];
    return isSent(`${path}/any`) ? sentFilesBelow(tree, path) : [];
  });
}

/** A file as a deploy takes it: text, or bytes in base64 where it is not UTF-8. */
export type SentContent = { readonly text: string } | { readonly base64: string };

export function contentOf(path: string, bytes: Uint8Array): SentContent {
  // The compiler of the engine reads the encoding that a module declares, which is only there for bytes.
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: !path.endsWith(".py") }).decode(bytes);
    return { text: isMetadata(path) ? headersOf(text) : text };
  } catch {
    return { base64: Buffer.from(bytes).toString("base64") };
  }
}

function isMetadata(path: string): boolean {
  return path.endsWith("-info/METADATA") && folderOf(folderOf(path)) === "";
}

/** The name, version and requirements, without the description, which is often the longest text of a package. */
function headersOf(metadata: string): string {
  return `${metadata.split(/\r?\n\r?\n/, 1)[0] ?? ""}\n`;
}
