import { missingFile } from "../missing-file.ts";

function rejecting(name: string): (path: unknown) => Promise<never> {
  return (path) => Promise.reject(missingFile(name, path));
}

export const access = rejecting("access");
export const lstat = rejecting("lstat");
export const open = rejecting("open");
export const readFile = rejecting("readFile");
export const readdir = rejecting("readdir");
export const realpath = rejecting("realpath");
export const stat = rejecting("stat");
