/** The thread that checks large JSON texts. */
import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { toDuraniumError } from "../../domain/errors.ts";
import { longTurnNiceness } from "../../domain/limits.ts";
import type { CheckedJson } from "./json-thread.ts";
import { parseJson } from "./json.ts";

// On Linux this is the priority of this thread, elsewhere that of the process.
if (process.platform === "linux") setPriority(longTurnNiceness);

parentPort?.on("message", (text: string) => parentPort?.postMessage(check(text), []));

function check(text: string): CheckedJson {
  try {
    parseJson(text);
    return {};
  } catch (error) {
    const { code, message, diagnostics } = toDuraniumError(error);
    return { refusal: { code, message, diagnostics } };
  }
}
