import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface FencedBlock {
  /** The info string of the fence: `ts`, `sh`… */
  readonly info: string;
  readonly text: string;
}

/** The fenced code blocks of a document, in order. */
export function fencedBlocks(markdown: string): readonly FencedBlock[] {
  const blocks = markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms);
  return Array.from(blocks, ([, info = "", text = ""]) => ({ info, text }));
}

/** The text below a heading, up to the next heading of the same level. */
export function section(markdown: string, heading: string): string {
  return markdown.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
}

/**
 * The compiler's errors for workflows, each a module, with the settings of the examples. Empty if there are none.
 */
export async function typeErrors(sources: readonly string[]): Promise<string> {
  const config = { extends: join(root, "examples/tsconfig.json") };
  return await compile(Object.fromEntries(sources.map((text, index) => [`block-${index}.ts`, text])), config);
}

/** The same for programs that run outside of the sandbox and call Duranium. */
export async function callerTypeErrors(sources: readonly string[]): Promise<string> {
  const paths = { "@duranium/client": [join(root, "packages/client/src/index.ts")] };
  const config = { extends: join(root, "tsconfig.json"), compilerOptions: { paths } };
  return await compile(Object.fromEntries(sources.map((text, index) => [`block-${index}.ts`, text])), config);
}

/** A folder that is removed after the test. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "duranium-documents-"));
  return { path, [Symbol.asyncDispose]: async () => await rm(path, { recursive: true, force: true }) };
}

/**
 * Creates a folder with links to this checkout, in which the commands of a guide can create folders without
 * changing the checkout.
 */
export async function layOutCheckout(folder: string): Promise<void> {
  await copyFile(join(root, "package.json"), join(folder, "package.json"));
  for (const name of ["bin", "node_modules", "packages"]) await symlink(join(root, name), join(folder, name));
}

async function compile(files: Readonly<Record<string, string>>, config: object): Promise<string> {
  await using folder = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder.path, path)), { recursive: true });
    await writeFile(join(folder.path, path), text);
  }
  await writeFile(join(folder.path, "tsconfig.json"), JSON.stringify({ ...config, include: [folder.path] }));
  await writeFile(join(folder.path, "package.json"), JSON.stringify({ type: "module" }));
  await symlink(join(root, "node_modules"), join(folder.path, "node_modules"));
  try {
    await promisify(execFile)(join(root, "node_modules/.bin/tsc"), ["--noEmit", "-p", folder.path]);
    return "";
  } catch (error) {
    return (error as { readonly stdout: string }).stdout;
  }
}
