import { gzipSync } from "node:zlib";
import { Header } from "tar";

/** An entry of a tarball: what `npm pack` writes, or what an attacker does. */
export interface TarEntry {
  readonly path: string;
  readonly text?: string | Uint8Array;
  readonly type?:
    | "File"
    | "SymbolicLink"
    | "Link"
    | "Directory"
    | "CharacterDevice"
    | "FIFO"
    | "ExtendedHeader";
  readonly linkpath?: string;
}

/** A .tgz with these entries. Files of a package are below `package/`. */
export function tarball(entries: readonly TarEntry[]): Uint8Array {
  return new Uint8Array(gzipSync(tar(entries)));
}

/** The package with these files, as `npm pack` makes it. */
export function packed(
  manifest: { readonly name: string; readonly version: string } & Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, string>> = {},
): Uint8Array {
  const all = { "package.json": JSON.stringify(manifest), ...files };
  return tarball(Object.entries(all).map(([path, text]) => ({ path: `package/${path}`, text })));
}

export function tar(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ path, text = "", type = "File", linkpath = "" }) => {
    const content = Buffer.from(text as string);
    const header = new Header({
      path,
      type,
      linkpath,
      size: content.length,
      mode: 0o644,
      mtime: new Date(0),
    });
    header.encode();
    const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
    return [header.block as Buffer, content, padding];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1_024)]);
}
