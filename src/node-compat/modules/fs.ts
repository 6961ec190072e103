/** `node:fs` without any files. Reads fail with the code that packages expect, and writes are rejected. */
import * as promises from "./fs-promises.ts";
import { missingFile } from "../missing-file.ts";

type Callback = (error: Error | null, value?: unknown) => void;

export { promises };
export const existsSync = (): boolean => false;
export const exists = (_path: unknown, done: (exists: boolean) => void): void =>
  queueMicrotask(() => done(false));

function sync(name: string): (path: unknown, options?: { readonly throwIfNoEntry?: boolean }) => undefined {
  return (path, options) => {
    if (options?.throwIfNoEntry === false) return undefined;
    throw missingFile(name, path);
  };
}

function withCallback(name: string): (path: unknown, ...rest: readonly unknown[]) => void {
  return (path, ...rest) => {
    const done = rest.at(-1) as Callback;
    queueMicrotask(() => done(missingFile(name, path)));
  };
}

export const accessSync = sync("accessSync");
export const lstatSync = sync("lstatSync");
export const openSync = sync("openSync");
export const readFileSync = sync("readFileSync");
export const readdirSync = sync("readdirSync");
export const realpathSync = Object.assign(sync("realpathSync"), { native: sync("realpathSync.native") });
export const statSync = sync("statSync");
export const access = withCallback("access");
export const lstat = withCallback("lstat");
export const open = withCallback("open");
export const readFile = withCallback("readFile");
export const readdir = withCallback("readdir");
export const realpath = Object.assign(withCallback("realpath"), { native: withCallback("realpath.native") });
export const stat = withCallback("stat");
export const watchFile = (): void => {};
export const unwatchFile = (): void => {};
