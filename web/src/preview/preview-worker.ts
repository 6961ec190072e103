import "./without-eval.ts";
import { errorCatalogue, messageOf, toDuraniumError } from "../../../src/domain/errors.ts";
import type { Digest } from "../../../src/domain/ids.ts";
import { createBrowserClient } from "../../../src/preview/browser-client.ts";
import { createPreview } from "../../../src/preview/create-preview.ts";
import type {
  Preview,
  PreviewProgress,
  PreviewRun,
  PreviewState,
  Refusal,
} from "../../../src/preview/preview.ts";
import type { Bundler } from "../../../src/sandbox/compile/bundle.ts";
import { createBrowserBundler } from "./browser-bundler.ts";
import { compileFrom } from "./download.ts";
import { changeBetween } from "./messages.ts";
import type { Action, FromPreviewWorker, ToPreviewWorker } from "./messages.ts";

/**
 * The worker in which drafts are previewed: one run at a time. It is ended by the page where it does not answer, so it
 * keeps nothing that would have to outlive it but the values of `ctx.state`.
 */

type RunMessage = Extract<ToPreviewWorker, { readonly kind: "run" }>;

let preview: Promise<Preview> | undefined;
let bundler: Promise<Bundler> | undefined;
let current: { readonly number: number; run?: PreviewRun } | undefined;

addEventListener("message", ({ data }: MessageEvent<ToPreviewWorker>) => {
  if (data.kind === "run") void begin(data);
  else void answer(data);
});

async function begin({ run: number, source, request }: RunMessage): Promise<void> {
  current?.run?.[Symbol.dispose]();
  const mine: NonNullable<typeof current> = { number };
  current = mine;
  const tell = (progress: Exclude<PreviewProgress, { phase: "begun" }>) => {
    if (current === mine) reply({ kind: "progress", run: number, progress });
  };
  const loading = (doing: "loading the engine" | "loading the compiler") => (loadedBytes: number) =>
    tell({ phase: "preparing", doing, loadedBytes });
  try {
    const [engine, compiler] = await Promise.all([
      loadPreview(loading("loading the engine")),
      loadBundler(loading("loading the compiler")),
    ]);
    tell({ phase: "preparing", doing: "compiling" });
    const bundle = await compiler.bundle(source);
    tell({ phase: "preparing", doing: "evaluating" });
    const run = await engine.run(bundle, source, request);
    if (current === mine) follow(number, (mine.run = run));
    else run[Symbol.dispose]();
  } catch (error) {
    tell({ phase: "refused", refusal: refusalOf(error) });
  }
}

/** What could not be loaded is tried again with the next run. */
async function loadPreview(onLoaded: (bytes: number) => void): Promise<Preview> {
  preview ??= createEngine(onLoaded);
  preview.catch(() => (preview = undefined));
  return await preview;
}

async function loadBundler(onLoaded: (bytes: number) => void): Promise<Bundler> {
  bundler ??= createBrowserBundler(onLoaded);
  bundler.catch(() => (bundler = undefined));
  return await bundler;
}

async function createEngine(onLoaded: (bytes: number) => void): Promise<Preview> {
  const response = await fetch("/engine", { credentials: "same-origin" });
  if (!response.ok) throw new Error(`The engine cannot be found: the server answered ${response.status}`);
  const { digest, protocolVersion, url } = (await response.json()) as {
    digest: Digest;
    protocolVersion: number;
    url: string;
  };
  const module = await compileFrom(url, "The engine", onLoaded);
  return createPreview({ engine: { module, digest, protocolVersion }, http: createBrowserClient() });
}

function follow(number: number, run: PreviewRun): void {
  let told: PreviewState | undefined;
  const tell = (state: PreviewState): void => {
    reply({ kind: "changed", run: number, change: changeBetween(told, state) });
    told = state;
  };
  tell(run.state);
  run.subscribe(tell);
}

async function answer(message: Exclude<ToPreviewWorker, RunMessage>): Promise<void> {
  const { call } = message;
  try {
    if (message.kind === "act") {
      if (message.run === current?.number) act(current, message.action);
      return reply({ kind: "done", call });
    }
    const states = (await preview)?.states;
    if (message.kind === "clear-state") states?.set(message.workflowId, {});
    reply({ kind: "done", call, value: states?.get(message.workflowId) ?? {} });
  } catch (error) {
    reply({ kind: "refused", call, why: messageOf(error) });
  }
}

function act(begun: NonNullable<typeof current>, action: Action): void {
  const { run } = begun;
  // What is still compiled is not begun any more.
  if (action.kind === "dispose" && current === begun) current = undefined;
  if (run === undefined) return;
  switch (action.kind) {
    case "set-clock":
      return run.setClock(action.mode);
    case "advance":
      return run.advance(action.milliseconds);
    case "advance-to-next":
      return run.advanceToNext();
    case "send-event":
      return run.sendEvent(action.name, action.payload);
    case "complete-callback":
      return run.completeCallback(action.callback, action.payload);
    case "answer":
      return run.answer(action.step, action.answer);
    case "cancel":
      return run.cancel();
    case "dispose":
      return run[Symbol.dispose]();
  }
}

function refusalOf(thrown: unknown): Refusal {
  const { code, message, diagnostics } = toDuraniumError(thrown);
  return { code, title: errorCatalogue[code].title, detail: message, diagnostics };
}

function reply(message: FromPreviewWorker): void {
  postMessage(message);
}
