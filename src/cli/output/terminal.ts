import { createInterface } from "node:readline/promises";
import { text as readAll } from "node:stream/consumers";
import { styleText } from "node:util";
import { usageError } from "./cli-error.ts";

type Style = "bold" | "dim" | "red" | "green" | "yellow" | "blue" | "cyan";

/** Input and output of a command. Output must be printable: `printable.ts`. */
export interface Terminal {
  /** The result of the command, on standard output. */
  print(line: string): void;
  /** A file as the result, on standard output. @throws {CliError} if that is a terminal */
  printBytes(bytes: Uint8Array, what: string): Promise<void>;
  /** Progress and warnings, on standard error. */
  note(line: string): void;
  /** Replaces the previous progress line; an empty text removes it. Does nothing without an interactive terminal. */
  progress(line: string): void;
  /** Applies colours if standard output is a terminal with colours. */
  readonly style: (style: Style, text: string) => string;
  readonly isInteractive: boolean;
  /** Characters per line. */
  readonly columns: number;
  /** Prompts the user. A hidden answer is not echoed. */
  ask(question: string, options?: { readonly hidden?: boolean }): Promise<string>;
  /** All of standard input. @throws {CliError} if it is a terminal, where `what` would never end */
  readInput(what: string): Promise<string>;
}

/** The terminal of this process. */
export function openTerminal(environment: Readonly<Record<string, string | undefined>>): Terminal {
  const { stdin, stdout, stderr } = process;
  const hasColours = coloursOf(stdout, environment);
  let hasProgress = false;
  const clear = () => {
    if (hasProgress) stderr.write("\r\u001b[K");
    hasProgress = false;
  };
  return {
    print(line) {
      clear();
      stdout.write(`${line}\n`);
    },
    async printBytes(bytes, what) {
      if (stdout.isTTY) throw usageError(`The ${what} is not text`, "Redirect it to a file, or use --output");
      await new Promise<void>((resolve) => stdout.write(bytes, () => resolve()));
    },
    note(line) {
      clear();
      stderr.write(`${line}\n`);
    },
    progress(line) {
      if (!stderr.isTTY) return;
      clear();
      if (line === "") return;
      stderr.write(line.slice(0, (stderr.columns ?? 80) - 1));
      hasProgress = true;
    },
    style: (style, text) => (hasColours ? styleText(style, text, { validateStream: false }) : text),
    isInteractive: stdin.isTTY && stderr.isTTY,
    columns: stdout.isTTY && stdout.columns > 0 ? stdout.columns : 100,
    ask,
    async readInput(what) {
      if (stdin.isTTY) throw usageError(`No ${what} given`, `Pipe it in: \`… | npx duranium …\``);
      return await readAll(stdin);
    },
  };
}

/** https://no-color.org and its opposite FORCE_COLOR, for pagers that show colours. */
function coloursOf(
  { isTTY }: NodeJS.WriteStream,
  { NO_COLOR, FORCE_COLOR, TERM }: Readonly<Record<string, string | undefined>>,
): boolean {
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "0" && FORCE_COLOR !== "") return true;
  return isTTY && TERM !== "dumb";
}

/** The prompt goes to standard error, so that standard output has only the result. */
async function ask(
  question: string,
  { hidden = false }: { readonly hidden?: boolean } = {},
): Promise<string> {
  const reader = createInterface({
    input: process.stdin,
    // Readline echoes input to its output, so a hidden answer gets no output.
    ...(hidden ? {} : { output: process.stderr }),
    terminal: true,
    prompt: "",
  });
  // Printed after the terminal has stopped echoing input.
  process.stderr.write(question);
  const abort = new AbortController();
  reader.once("SIGINT", () => abort.abort());
  try {
    const answer = new Promise<string>((resolve, reject) => {
      reader.once("line", resolve);
      reader.once("close", () => resolve(""));
      abort.signal.addEventListener("abort", () => reject(new InterruptedError()));
    });
    return (await answer).trim();
  } finally {
    reader.close();
    if (hidden) process.stderr.write("\n");
  }
}

/** The user pressed Ctrl-C. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}
