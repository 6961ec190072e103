import "./without-eval.ts";
import { DuraniumError, errorCatalogue, messageOf, toDuraniumError } from "#domain/errors.ts";
import { createBrowserClient } from "#preview/browser-client.ts";
import type { JsonValue } from "#base/json.ts";
import { createPreview } from "#preview/create-preview.ts";
import type {
  Preview,
  PreviewProgress,
  PreviewRun,
  PreviewState,
  Refusal,
  ReplayedRecording,
} from "#preview/contract/preview.ts";
import { createPythonBundler, type PreviewBundler } from "#preview/local-engine.ts";
import { createLocalReplays } from "#preview/create-replays.ts";
import type { LocalReplays } from "#preview/create-replays.ts";
import { parseRecording } from "#recordings/parse-recording.ts";
import { checkRecording } from "#replay/check-recording.ts";
import { createBundler } from "./bundler.ts";
import { createExperiments } from "./experiments.ts";
import type { Experiments } from "./experiments.ts";
import { changeBetween } from "./messages.ts";
import type { Action, FromPreviewWorker, Modules, ToPreviewWorker } from "./messages.ts";

/**
 * The worker of previews, with one run at a time. The web UI terminates it if it does not respond, so it holds no state that must survive, except for the values of `ctx.state`.
 */

type RunMessage = Extract<ToPreviewWorker, { readonly kind: "run" }>;
type Asking = Extract<ToPreviewWorker, { readonly call: number }>;

interface Workbench {
  readonly preview: Preview;
  readonly bundler: PreviewBundler;
  readonly experiments: Experiments;
  /** Made for the first replay. */
  readonly replays: () => LocalReplays;
}

interface Current {
  readonly number: number;
  run?: PreviewRun;
}

let bench: Workbench | undefined;
let current: Current | undefined;

addEventListener("message", ({ data }: MessageEvent<ToPreviewWorker>) => {
  if (data.kind === "prepare") bench = prepare(data.modules);
  else if (data.kind === "run") void begin(data);
  else if (data.kind === "experiment") {
    bench?.experiments.start(data, data.recording ?? current?.run?.recording());
  } else if (data.kind === "stop-experiment") bench?.experiments.stop();
  else answer(data);
});

function prepare({ engine, compiler }: Modules): Workbench {
  const preview = createPreview({ engine, http: createBrowserClient() });
  const bundler = compiler === undefined ? createPythonBundler() : createBundler(compiler);
  let replays: LocalReplays | undefined;
  return {
    preview,
    bundler,
    experiments: createExperiments({ preview, bundler }, reply),
    replays: () => (replays ??= createLocalReplays(engine)),
  };
}

async function begin({ run: number, source, request }: RunMessage): Promise<void> {
  current?.run?.[Symbol.dispose]();
  const mine: Current = { number };
  current = mine;
  const tell = (progress: Exclude<PreviewProgress, { phase: "started" }>) => {
    if (current === mine) reply({ kind: "progress", run: number, progress });
  };
  try {
    const { preview, bundler } = requireBench();
    tell({ phase: "preparing", doing: "compiling" });
    const bundle = await bundler.bundle(source);
    tell({ phase: "preparing", doing: "evaluating" });
    const run = await preview.run(bundle, source, request);
    if (current === mine) follow(number, (mine.run = run));
    else run[Symbol.dispose]();
  } catch (error) {
    tell({ phase: "refused", refusal: refusalOf(error) });
  }
}

function requireBench(): Workbench {
  if (bench !== undefined) return bench;
  throw new DuraniumError("internal", "Cannot run a preview: the preview worker has no engine");
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

function answer(message: Asking): void {
  const { call } = message;
  if (message.kind === "replay") {
    replayAll(message).then(
      (items) => reply({ kind: "done", call, value: { items: items as unknown as JsonValue } }),
      (error: unknown) => reply({ kind: "refused", call, why: messageOf(error) }),
    );
    return;
  }
  try {
    if (message.kind === "act") {
      if (message.run === current?.number) act(current, message.action);
      return reply({ kind: "done", call });
    }
    if (message.kind === "record") return reply({ kind: "done", call, value: recordingOf(message.run) });
    const states = bench?.preview.states;
    if (message.kind === "clear-state") states?.set(message.workflowId, {});
    reply({ kind: "done", call, value: states?.get(message.workflowId) ?? {} });
  } catch (error) {
    reply({ kind: "refused", call, why: messageOf(error) });
  }
}

function recordingOf(run: number): Readonly<Record<string, JsonValue>> {
  if (current?.number !== run || current.run === undefined) throw new Error("The preview is no longer there");
  return current.run.recording() as unknown as Readonly<Record<string, JsonValue>>;
}

/** Replays recordings, which may come from anywhere, on a source. */
async function replayAll({
  source,
  recordings,
}: Extract<ToPreviewWorker, { readonly kind: "replay" }>): Promise<readonly ReplayedRecording[]> {
  const { bundler, replays } = requireBench();
  const candidate = replays().version(await bundler.bundle(source), source);
  const items: ReplayedRecording[] = [];
  for (const text of recordings) {
    try {
      items.push(await checkRecording({ recording: parseRecording(text), candidate }));
    } catch (error) {
      items.push({ why: messageOf(error) });
    }
  }
  return items;
}

function act(target: Current, action: Action): void {
  const { run } = target;
  // A source that is still compiling will not be started.
  if (action.kind === "dispose" && current === target) current = undefined;
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
