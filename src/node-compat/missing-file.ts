import { unavailableError } from "./unavailable.ts";

/** `ENOENT`, which packages that look for a file of settings take for none. */
export function missingFile(name: string, path: unknown): Error {
  return Object.assign(unavailableError("fs", `${name}("${String(path)}")`, "ENOENT"), {
    errno: -2,
    syscall: name,
    path,
  });
}
