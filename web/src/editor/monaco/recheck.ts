import { editor, MarkerSeverity, MarkerTag, typescript } from "./monaco.ts";

/** A diagnostic of the TypeScript worker. */
type Finding = Awaited<ReturnType<typescript.TypeScriptWorker["getSemanticDiagnostics"]>>[number];

/** Rechecks files after a change in another one. Monaco itself only checks the edited file. */
export async function recheck(models: readonly editor.ITextModel[]): Promise<void> {
  const workerOf = await typescript.getTypeScriptWorker();
  const worker = await workerOf(...models.map(({ uri }) => uri));
  for (const model of models) {
    const uri = model.uri.toString();
    const found = await Promise.all([
      worker.getSyntacticDiagnostics(uri),
      worker.getSemanticDiagnostics(uri),
      worker.getSuggestionDiagnostics(uri),
    ]);
    if (!model.isDisposed()) editor.setModelMarkers(model, owner, markersOf(model, found.flat()));
  }
}

/** The owner of the markers that Monaco's own checks replace. */
const owner = "typescript";

function markersOf(model: editor.ITextModel, found: readonly Finding[]): editor.IMarkerData[] {
  const { diagnosticCodesToIgnore = [] } = typescript.typescriptDefaults.getDiagnosticsOptions();
  return found
    .filter(({ code }) => !diagnosticCodesToIgnore.includes(code))
    .map(({ start = 0, length = 1, category, messageText, code, reportsUnnecessary }) => {
      const { lineNumber: startLineNumber, column: startColumn } = model.getPositionAt(start);
      const { lineNumber: endLineNumber, column: endColumn } = model.getPositionAt(start + length);
      return {
        severity: severities[category] ?? MarkerSeverity.Info,
        message: textOf(messageText),
        code: String(code),
        tags: reportsUnnecessary === undefined ? [] : [MarkerTag.Unnecessary],
        startLineNumber,
        startColumn,
        endLineNumber,
        endColumn,
      };
    });
}

/** By TypeScript's diagnostic category. */
const severities = [MarkerSeverity.Warning, MarkerSeverity.Error, MarkerSeverity.Hint, MarkerSeverity.Info];

/** A message with its nested explanations. */
function textOf(message: Finding["messageText"], depth = 0): string {
  if (typeof message === "string") return message;
  const next = message.next ?? [];
  return ["  ".repeat(depth) + message.messageText, ...next.map((each) => textOf(each, depth + 1))].join(
    "\n",
  );
}
