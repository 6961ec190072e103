import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { z } from "zod";

/** In ascending order of preference. */
export const webUiEncodings = ["gzip", "br"] as const;

export type WebUiEncoding = (typeof webUiEncodings)[number];

/** A file of the built web UI. Its compressed forms are stored next to it. */
export interface WebUiFile {
  /** Relative to the folder, with slashes: `assets/index-1a2b3c.js`. */
  readonly path: string;
  /** SHA-256 of the uncompressed file, in hexadecimal. */
  readonly digest: string;
  /** The compressed forms that exist. */
  readonly encodings: readonly WebUiEncoding[];
}

/** The files of the built web UI. Only files that the build listed are served, so no path can leave the folder. */
export interface WebUiFiles {
  find(path: string): WebUiFile | undefined;
  /** @param encoding one of the file's own; the uncompressed file without one */
  read(file: WebUiFile, encoding: WebUiEncoding | undefined): Promise<Uint8Array<ArrayBuffer>>;
}

/** The file that a build writes last. */
export const pageListName = "files.json";

const pageList = z.strictObject({
  files: z.array(
    z.strictObject({
      path: z.string(),
      digest: z.string().regex(/^[0-9a-f]{64}$/),
      encodings: z.array(z.enum(webUiEncodings)),
    }),
  ),
});

/** The web UI that was built into a folder; `undefined` if the folder has none. */
export function openWebUiFiles(directory: string): WebUiFiles | undefined {
  const list = join(directory, pageListName);
  if (!existsSync(list)) return undefined;
  const { files } = pageList.parse(JSON.parse(readFileSync(list, "utf8")));
  const byPath = new Map<string, WebUiFile>(files.map((file) => [file.path, file]));
  return {
    find: (path) => byPath.get(path),
    read: async ({ path }, encoding) => await readFile(join(directory, encodedPath(path, encoding))),
  };
}

/** The path of one form of a file. */
export function encodedPath(path: string, encoding: WebUiEncoding | undefined): string {
  return encoding === undefined ? path : `${path}${suffixes[encoding]}`;
}

export function contentTypeOf(path: string): string {
  return contentTypes[extname(path)] ?? "application/octet-stream";
}

const suffixes: Readonly<Record<WebUiEncoding, string>> = { gzip: ".gz", br: ".br" };

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};
