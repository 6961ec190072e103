/** The thread that checks large JSON texts. */
import { parentPort } from "node:worker_threads";
import { toDuraniumError } from "../../domain/errors.ts";
import type { CheckedJson } from "./json-thread.ts";
import { parseJson } from "./json.ts";

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
