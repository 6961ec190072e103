import { unavailableError } from "./unavailable.ts";

/** `ENOENT`, which packages with an optional settings file treat as a missing file. */
export function missingFile(name: string, path: unknown): Error {
  return Object.assign(unavailableError("fs", `${name}("${String(path)}")`, "ENOENT"), {
    errno: -2,
    syscall: name,
    path,
  });
}
