import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";
import { encodedPath, pageListName } from "../src/api/web-ui/web-ui-files.ts";
import type { WebUiEncoding, WebUiFile } from "../src/api/web-ui/web-ui-files.ts";
import { addApiReference } from "./api-reference.ts";
import { nodeShimsPlugin } from "./node-shims.ts";

/**
 * `node scripts/build-web.ts` builds the web UI, `web/` into `web/dist`, and the compressed forms of its files. It
 * does nothing if the existing build was made from the current sources. A running server must be restarted to serve
 * the new build.
 */
export async function buildWeb(): Promise<void> {
  const known = recordedInputs();
  if (known !== undefined && sameInputs(known, currentInputs(Object.keys(known)))) return;
  if (!existsSync(join(project, "node_modules/vite"))) {
    print("Cannot build the web UI: run `npm install` without `--omit=dev` to install the build tools.");
    return;
  }
  print("Building the web UI…");
  await removeLeftovers();
  const output = await mkdtemp(join(web, "dist-"));
  try {
    const modules = await forProduction(async () => await bundle(output));
    await addApiReference(output);
    const files = await compressAll(output);
    await writeJson(join(output, pageListName), { files });
    await writeJson(join(output, inputsName), currentInputs(modules));
    await publish(output);
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}

const project = fileURLToPath(new URL("..", import.meta.url));
const web = join(project, "web");
const dist = join(web, "dist");
const inputsName = "inputs.json";

/** Digests of the files that a build was made from, by path relative to the project. */
type Inputs = Readonly<Record<string, string>>;

function recordedInputs(): Inputs | undefined {
  const file = join(dist, inputsName);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Inputs) : undefined;
}

/** All files that a pattern may load, and of the other files those that were loaded. */
function currentInputs(modules: readonly string[]): Inputs {
  const patterns = [
    "web/**/*",
    "packages/**/*",
    "examples/*",
    "scripts/*.ts",
    "src/node-compat/**/*",
    "package-lock.json",
  ];
  const folders = globSync(patterns, {
    cwd: project,
    withFileTypes: true,
    exclude: ({ name, parentPath }) =>
      name === "node_modules" || name === "dist" || (parentPath === web && isOutput(name)),
  });
  const listed = folders
    .filter((entry) => entry.isFile())
    .map((entry) => relative(project, join(entry.parentPath, entry.name)));
  const paths = [...new Set([...listed, ...modules])].filter((path) => existsSync(join(project, path)));
  return Object.fromEntries(
    paths.toSorted().map((path) => [path, digestOf(readFileSync(join(project, path)))]),
  );
}

function sameInputs(one: Inputs, other: Inputs): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function isOutput(name: string): boolean {
  return name === "dist" || name.startsWith("dist-");
}

/**
 * Tests build the web UI too, and their build must be a production build. Vite reads this variable before all other
 * settings.
 */
async function forProduction<T>(work: () => Promise<T>): Promise<T> {
  const before = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = before;
  }
}

/** The duration of the plugins is of no interest when a server starts. */
const withoutTimings = { checks: { pluginTimings: false } };

/** Builds the web UI and returns the modules of the project that it contains. */
async function bundle(output: string): Promise<readonly string[]> {
  const { build } = await import("vite");
  const modules = new Set<string>();
  const collector: Plugin = {
    name: "duranium:inputs",
    generateBundle() {
      for (const id of this.getModuleIds()) modules.add(id.replace(/\?.*$/s, ""));
    },
  };
  await build({
    configFile: join(web, "vite.config.ts"),
    logLevel: "warn",
    plugins: [collector],
    worker: { plugins: () => [nodeShimsPlugin(), collector], rolldownOptions: withoutTimings },
    build: { outDir: output, emptyOutDir: true, rolldownOptions: withoutTimings },
  });
  return [...modules]
    .filter((id) => id.startsWith(project) && !id.includes("/node_modules/"))
    .map((id) => relative(project, id));
}

async function compressAll(output: string): Promise<readonly WebUiFile[]> {
  const paths = globSync("**/*", { cwd: output, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(output, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
  return await Promise.all(paths.toSorted().map(async (path) => await compressFile(output, path)));
}

async function compressFile(output: string, path: string): Promise<WebUiFile> {
  const bytes = await readFile(join(output, path));
  const encodings: WebUiEncoding[] = [];
  for (const [encoding, compress] of Object.entries(compressors) as [WebUiEncoding, Compressor][]) {
    const compressed = await compress(bytes);
    if (compressed.length > bytes.length * worthwhile) continue;
    await writeFile(join(output, encodedPath(path, encoding)), compressed);
    encodings.push(encoding);
  }
  return { path, digest: digestOf(bytes), encodings };
}

type Compressor = (bytes: Uint8Array) => Promise<Uint8Array>;

const compressors: Readonly<Record<WebUiEncoding, Compressor>> = {
  gzip: async (bytes) => await promisify(gzip)(bytes, { level: 9 }),
  br: async (bytes) =>
    await promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: bytes.length > largeBytes ? 6 : constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
};

/**
 * The best quality takes several seconds per MiB. Files of this size are not part of the first view, and about a
 * tenth larger with the lower quality.
 */
const largeBytes = 1024 * 1024;

/** Files that compress to more than this share of their size, such as images, are sent uncompressed. */
const worthwhile = 0.95;

/**
 * Replaces the whole folder at once, so that a server never sees a partial build. If another build has published
 * first, its files stay.
 */
async function publish(output: string): Promise<void> {
  const before = await mkdtemp(join(web, "dist-"));
  await rename(dist, join(before, "dist")).catch(ignoreMissing);
  await rename(output, dist).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
  });
  await rm(before, { recursive: true, force: true });
}

/** Removes the folders of interrupted builds: they are too old to belong to a build in progress. */
async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(web).filter((name) => name.startsWith("dist-"))) {
    const { mtimeMs } = await stat(join(web, name)).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > leftoverAgeMs) await rm(join(web, name), { recursive: true, force: true });
  }
}

const leftoverAgeMs = 60 * 60 * 1_000;

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value)}\n`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

if (import.meta.main) await buildWeb();
