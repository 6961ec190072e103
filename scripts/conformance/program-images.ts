import { transform } from "esbuild";
import { engineSupport } from "../../src/sandbox/compile/bundler/bundle.ts";
import { createNativeBundler } from "../../src/sandbox/compile/bundler/native-bundler.ts";
import { suppliedIntl } from "../../src/sandbox/compile/shims/node-needs.ts";
import { polyfillFiles } from "../../src/sandbox/compile/shims/polyfills.ts";
import { protocolVersion } from "../../src/sandbox/engine/protocol-version.ts";
import type { Image } from "../../src/sandbox/instances/engine-state.ts";
import { decodeImage, encodeImage } from "../../src/sandbox/instances/image.ts";
import { createInstance } from "../../src/sandbox/instances/instance.ts";
import type { LoadedEngine } from "../../src/sandbox/instances/instance.ts";
import type { Program, Script } from "./program.ts";

/**
 * Prepares a program as a deploy prepares a workflow: it starts from an image in which the polyfills that it uses
 * have been evaluated, and its scripts contain the replacements that bundling makes.
 */
export interface ProgramImages {
  for(program: Program): Promise<Image>;
}

/** One image is created for each set of polyfills. */
export function createImages(engine: LoadedEngine): ProgramImages {
  const images = new Map<string, Promise<Image>>();
  return {
    async for({ scripts }) {
      const globals = supplied.filter((name) => scripts.some(({ text }) => mentions(text, name)));
      const key = globals.join(" ");
      const made = images.get(key) ?? imageOf(engine, globals);
      images.set(key, made);
      return await made;
    },
  };
}

/** The globals that a bundle receives if it refers to them. */
const supplied = [...Object.keys(polyfillFiles), ...suppliedIntl];

function mentions(text: string, global: string): boolean {
  return new RegExp(`(?<![\\w$.])${RegExp.escape(global)}(?![\\w$])`).test(text);
}

/** Property escapes, and groups that ignore case. */
const rewritten = /\\[pP]\{|\(\?[ims]*i[ims]*[-:]/;

/**
 * Replaces the regular expressions that the engine cannot compile. A script that does not parse stays unchanged.
 */
export async function asBundled(script: Script): Promise<Script> {
  if (!rewritten.test(script.text)) return script;
  try {
    const { code } = await transform(script.text, {
      loader: "js",
      charset: "utf8",
      supported: engineSupport,
    });
    return { ...script, text: code };
  } catch {
    return script;
  }
}

/**
 * The workflow that evaluates programs. It emits results as console lines, which are read as they arrive, so the
 * results of a program that crashes are kept.
 */
const workflow = (globals: readonly string[]) => `
  const used = [${globals.join(", ")}];
  const write = console.log.bind(console);
  const evaluate = eval;
  export async function run(_ctx, { scripts, reportsEnd }) {
    const { stringify } = JSON;
    globalThis.__emit = (emission) => write(stringify(emission));
    globalThis.self = globalThis;
    try {
      for (const { name, text } of scripts) evaluate(text + "\\n//# sourceURL=" + name);
    } catch (error) {
      const errorName = error?.constructor?.name ?? typeof error;
      __emit({ end: { kind: "threw", errorName, message: String(error?.message ?? error).slice(0, 2_000) } });
    }
    if (!reportsEnd) __emit({ end: { kind: "evaluated" } });
    await new Promise(() => used);
  }`;

async function imageOf(engine: LoadedEngine, globals: readonly string[]): Promise<Image> {
  await using bundler = createNativeBundler();
  const { code } = await bundler.bundle({
    entry: "workflow.js",
    files: { "workflow.js": workflow(globals) },
  });
  const instance = createInstance(engine);
  const failure = instance.enter((core) => core.evaluate(code));
  if (failure !== undefined) throw new Error(new TextDecoder().decode(failure));
  return await decodeImage(encodeImage(engine, instance.state(), protocolVersion).bytes, engine);
}
