import { joinPath, folderOf } from "../resolution/paths.ts";
import { safeNames } from "../resolution/source-tree.ts";
import type { SourceTree } from "../resolution/source-tree.ts";

/**
 * The in-memory file system of esbuild's WebAssembly: it contains the files of one workflow. It implements
 * what Go's `syscall` package for JavaScript expects of Node's `fs` (https://go.dev/src/syscall/fs_js.go).
 */
export interface MemoryFileSystem {
  /**
   * For `globalThis.fs`. esbuild replaces `read` and `writeSync` in it, for its standard input and output.
   */
  readonly fs: object;
  /** Replaces the files of the file system by those of a workflow. */
  mount(files: Readonly<Record<string, string>>): SourceTree;
}

type Callback = (error: Error | null, value?: unknown) => void;
type Read = (
  fd: number,
  buffer: Uint8Array,
  offset: number,
  length: number,
  position: number | null,
  callback: Callback,
) => void;

export function createMemoryFileSystem(): MemoryFileSystem {
  const files = new OpenFiles();
  return {
    fs: goFileSystem(files),
    mount(texts) {
      files.mount(entriesOf(texts));
      return treeOf(texts);
    },
  };
}

/** The mounted files, and the descriptors that are open on them. Descriptors do not outlive a mount. */
class OpenFiles {
  #entries: ReadonlyMap<string, Entry> = new Map();
  readonly #open = new Map<number, OpenFile>();
  #nextFd = firstFd;

  mount(entries: ReadonlyMap<string, Entry>): void {
    this.#open.clear();
    this.#entries = entries;
  }

  find(path: string): Entry | undefined {
    const isRelative = /^\.\.?(?:\/|$)/.test(path);
    return isRelative ? emptyFolder : this.#entries.get(withoutSlash(joinPath(path)));
  }

  open(entry: Entry): number {
    this.#open.set(this.#nextFd, { entry, position: 0 });
    return this.#nextFd++;
  }

  get(fd: number): OpenFile | undefined {
    return this.#open.get(fd);
  }

  close(fd: number): void {
    this.#open.delete(fd);
  }
}

interface OpenFile {
  readonly entry: Entry;
  position: number;
}

/** Every call that Go makes, including those that a read-only file system rejects or ignores. */
function goFileSystem(files: OpenFiles): object {
  let readStandardInput: Read | undefined;
  const withEntry = (path: string, callback: Callback, answer: (entry: Entry) => unknown): void => {
    const entry = files.find(path);
    if (entry === undefined) callback(failure("ENOENT"));
    else callback(null, answer(entry));
  };
  const read: Read = (fd, buffer, offset, length, position, callback) => {
    if (fd === 0) readStandardInput?.(fd, buffer, offset, length, position, callback);
    else readFile(files.get(fd), { buffer: buffer.subarray(offset, offset + length), position }, callback);
  };
  const fs = {
    constants,
    get read() {
      return read;
    },
    set read(own: Read) {
      readStandardInput = own;
    },
    writeSync: (): number => 0,
    write(fd: number, buffer: Uint8Array, ...[, , , callback]: [number, number, null, Callback]) {
      callback(null, (fs.writeSync as (fd: number, buffer: Uint8Array) => number)(fd, buffer));
    },
    open: (path: string, _flags: number, _mode: number, callback: Callback) =>
      withEntry(path, callback, (entry) => files.open(entry)),
    close(fd: number, callback: Callback) {
      files.close(fd);
      callback(null);
    },
    fstat(fd: number, callback: Callback) {
      const file = files.get(fd);
      if (file === undefined) callback(failure("EBADF"));
      else callback(null, statOf(file.entry));
    },
    stat: (path: string, callback: Callback) => withEntry(path, callback, statOf),
    lstat: (path: string, callback: Callback) => withEntry(path, callback, statOf),
    readdir: (path: string, callback: Callback) => withEntry(path, callback, ({ names }) => [...names]),
    readlink: (_path: string, callback: Callback) => callback(failure("EINVAL")),
    fsync: (_fd: number, callback: Callback) => callback(null),
  };
  return fs;
}

/** Reads into all of `buffer`: at `position`, or from where the last read of the descriptor ended. */
function readFile(
  file: OpenFile | undefined,
  { buffer, position }: { readonly buffer: Uint8Array; readonly position: number | null },
  callback: Callback,
): void {
  if (file?.entry.bytes === undefined) return callback(failure("EBADF"));
  const from = position ?? file.position;
  const part = file.entry.bytes.subarray(from, from + buffer.length);
  buffer.set(part);
  if (position === null) file.position += part.length;
  return callback(null, part.length);
}

/** Go ignores flags that a platform marks as unknown by -1. */
const constants = {
  O_WRONLY: -1,
  O_RDWR: -1,
  O_CREAT: -1,
  O_TRUNC: -1,
  O_APPEND: -1,
  O_EXCL: -1,
  O_DIRECTORY: -1,
};

/** Lower descriptors are the standard streams. */
const firstFd = 10;

const root = "/workflow";

interface Entry {
  /** The content of a file. */
  readonly bytes?: Uint8Array;
  /** The names in a folder. */
  readonly names: Set<string>;
}

/** The target of every relative path: esbuild looks for computed imports there. */
const emptyFolder: Entry = { names: new Set() };

function entriesOf(files: Readonly<Record<string, string>>): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>([["/", { names: new Set() }]]);
  const addFolder = (path: string): Entry => {
    const known = entries.get(path);
    if (known !== undefined) return known;
    const folder: Entry = { names: new Set() };
    entries.set(path, folder);
    addFolder(folderOf(path)).names.add(path.slice(path.lastIndexOf("/") + 1));
    return folder;
  };
  const encoder = new TextEncoder();
  const addFile = (name: string, text: string): void => {
    const path = joinPath(root, name);
    if (entries.get(path)?.bytes === undefined && entries.has(path)) return;
    addFolder(folderOf(path)).names.add(path.slice(path.lastIndexOf("/") + 1));
    entries.set(path, { bytes: encoder.encode(text), names: new Set() });
  };
  addFile("package.json", "{}");
  for (const name of safeNames({ files })) {
    addFile(name, name.endsWith("package.json") ? (files[name] ?? "") : "");
  }
  return entries;
}

function treeOf(files: Readonly<Record<string, string>>): SourceTree {
  const own = new Map(Object.entries(files));
  return {
    directory: root,
    pathOf: (name) => joinPath(root, name),
    nameOf(path) {
      const name = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : undefined;
      return name !== undefined && own.has(name) ? name : undefined;
    },
    read: (name) => own.get(name),
  };
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function statOf({ bytes }: Entry): object {
  const isFolder = bytes === undefined;
  const numbers = { dev: 0, ino: 0, nlink: 1, uid: 0, gid: 0, rdev: 0, blksize: 4096, blocks: 0 };
  return {
    ...numbers,
    atimeMs: 0,
    mtimeMs: 0,
    ctimeMs: 0,
    size: bytes?.length ?? 0,
    mode: isFolder ? 0o040755 : 0o100644,
    isDirectory: () => isFolder,
  };
}
