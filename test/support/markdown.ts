import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface FencedBlock {
  /** What follows the fence: `ts`, `sh`… */
  readonly info: string;
  readonly text: string;
}

/** The code of a document, in its order. */
export function fencedBlocks(markdown: string): readonly FencedBlock[] {
  const blocks = markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms);
  return Array.from(blocks, ([, info = "", text = ""]) => ({ info, text }));
}

/** The text below a heading, up to the next of its level. */
export function section(markdown: string, heading: string): string {
  return markdown.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
}

/** What the compiler says of workflows, each a module, as it would of the examples; empty where nothing is wrong. */
export async function typeErrors(sources: readonly string[]): Promise<string> {
  const config = { extends: join(root, "examples/tsconfig.json") };
  return await compile(Object.fromEntries(sources.map((text, index) => [`block-${index}.ts`, text])), config);
}

/** The same of programs that run outside of the sandbox, and talk to Duranium. */
export async function callerTypeErrors(sources: readonly string[]): Promise<string> {
  const paths = { "@duranium/client": [join(root, "packages/client/src/index.ts")] };
  const config = { extends: join(root, "tsconfig.json"), compilerOptions: { paths } };
  return await compile(Object.fromEntries(sources.map((text, index) => [`block-${index}.ts`, text])), config);
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "duranium-documents-"));
  return { path, [Symbol.asyncDispose]: async () => await rm(path, { recursive: true, force: true }) };
}

/** The links lead to this checkout, so that a guide can make folders in it without leaving any. */
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
