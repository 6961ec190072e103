import type { JsonValue } from "../../base/json.ts";
import type { PreviewRun, PreviewState } from "../../preview/contract/preview.ts";
import type { NodePreview } from "../../preview/node-preview.ts";
import { logText } from "../output/execution-text.ts";
import { waitingLines } from "../output/preview-text.ts";
import type { Terminal } from "../output/terminal.ts";
import { workflowIdOf } from "../shared/project.ts";
import type { ProjectSource } from "../shared/project.ts";

/** Parameters of a run. */
export interface DevRequest {
  readonly workflowId?: string;
  readonly payload: JsonValue;
  readonly entryPoint?: string;
  readonly realTime: boolean;
}

/**
 * Starts a run on this machine, and prints its console output and what it waits for.
 *
 * @throws {DuraniumError} as a deploy, with diagnostics
 */
export async function startRun(
  preview: NodePreview,
  source: ProjectSource,
  request: DevRequest,
  terminal: Terminal,
): Promise<PreviewRun> {
  const { payload, entryPoint, realTime, workflowId = workflowIdOf(source) } = request;
  const run = await preview.run(source, {
    workflowId,
    payload,
    ...(entryPoint === undefined ? {} : { entryPoint }),
    clock: realTime ? "real" : "skip",
    network: "direct",
  });
  const tell = teller(terminal);
  tell(run.state);
  run.subscribe(tell);
  return run;
}

function teller(terminal: Terminal): (state: PreviewState) => void {
  let told = 0;
  let waiting = "";
  return (state) => {
    for (const line of state.logs.slice(told)) terminal.note(logText(line, terminal.style));
    told = state.logs.length;
    const now = waitingLines(state, terminal).join("\n");
    if (state.status === "waiting" && now !== "" && now !== waiting) terminal.note(now);
    waiting = now;
  };
}

/** A line typed during a run: `event approved {}`, `callback 1 {}`, `answer 3 {}`, `cancel`. */
export function obey(run: PreviewRun, line: string): string | undefined {
  const [, verb = "", subject = "", rest = ""] = /^(\S+)\s*(\S*)\s*(.*)$/s.exec(line.trim()) ?? [];
  try {
    const payload = rest === "" ? null : (JSON.parse(rest) as JsonValue);
    if (verb === "event") run.sendEvent(subject, payload);
    else if (verb === "callback") run.completeCallback(Number(subject), payload);
    else if (verb === "answer") answer(run, Number(subject), payload);
    else if (verb === "cancel") run.cancel();
    else return `Unknown command "${verb}". Commands: event, callback, answer, cancel, again, quit`;
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function answer(run: PreviewRun, step: number, value: JsonValue): void {
  const pending = run.state.pendingRequests.find((each) => each.step === step);
  if (pending === undefined) throw new Error(`Step ${step} has no pending request`);
  if (pending.kind === "call") run.answer(step, { result: value });
  else
    run.answer(step, {
      response: { headers: [["content-type", "application/json"]], body: JSON.stringify(value) },
    });
}
