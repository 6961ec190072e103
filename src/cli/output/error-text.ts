import type { CliError } from "./cli-error.ts";
import { diagnosticLines } from "./diagnostics.ts";
import { printableJson, printableText } from "./printable.ts";
import type { Terminal } from "./terminal.ts";

/** An error as human-readable lines: message, place and hint. */
export function errorLines(error: CliError, style: Terminal["style"]): readonly string[] {
  const { hint, diagnostics } = error;
  return [
    ...diagnostics.flatMap((diagnostic) => diagnosticLines(diagnostic, style)),
    `${style("red", "error:")} ${printableText(headlineOf(error))}`,
    ...(hint === undefined ? [] : [printableText(`${hint}.`)]),
  ];
}

/** A message that only summarizes its diagnostics would repeat the lines above it. */
function headlineOf({ message, diagnostics: [first] }: CliError): string {
  const repeated = first === undefined ? -1 : message.indexOf(`: ${first.message}`);
  return repeated <= 0 ? message : message.slice(0, repeated);
}

/** The same as one line of JSON. */
export function errorJson(error: CliError): string {
  const { code, message: detail, status, hint, diagnostics } = error;
  return printableJson({
    error: {
      code,
      detail,
      ...(status === undefined ? {} : { status }),
      ...(hint === undefined ? {} : { hint }),
      ...(diagnostics.length === 0 ? {} : { diagnostics }),
    },
  });
}
