import { maxLockedBytes, maxLockedFiles } from "./limits.ts";
import { packageRefused, shownPackage } from "./package-refused.ts";

interface Sized {
  readonly name: string;
  readonly version: string;
  readonly files: number;
  readonly bytes: number;
}

/** Adds up the packages of one source. Bundling has the files of a package once for each of its folders. */
export class LockedSize {
  #files = 0;
  #bytes = 0;

  /** @throws {DuraniumError} `package-refused` if there are too many files or bytes with these */
  add(added: Sized, folders: number): void {
    this.#files += added.files * folders;
    this.#bytes += added.bytes * folders;
    if (this.#files <= maxLockedFiles && this.#bytes <= maxLockedBytes) return;
    const limits = `${maxLockedFiles} files or ${maxLockedBytes / 2 ** 20} MiB`;
    throw packageRefused(shownPackage(added), `all packages together have more than ${limits}`, {
      hint: "Use smaller packages, or bundle what you need and deploy the bundle",
    });
  }
}
