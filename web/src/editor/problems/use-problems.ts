import { useEffect, useMemo, useState } from "react";
import { editor, MarkerSeverity } from "../monaco/monaco.ts";
import { isLibrary } from "../../model/package-files.ts";
import { pathOf, type Workspace } from "../monaco/workspace.ts";
import { distinctProblems, type EditorProblem, sortProblems } from "./problems.ts";

/** The owner of the markers of deploys and runs, separate from the type checker's. */
const owner = "duranium";

/** The problems of the type checker, the last deploy and the last preview, updated while typing. */
export function useProblems(
  workspace: Workspace,
  ofDeploy: readonly EditorProblem[],
  ofPreview: readonly EditorProblem[],
): readonly EditorProblem[] {
  const [marked, setMarked] = useState<readonly EditorProblem[]>([]);
  const found = useMemo(() => distinctProblems([...ofDeploy, ...ofPreview]), [ofDeploy, ofPreview]);
  useEffect(() => {
    const read = () => setMarked(readMarkers());
    read();
    const listener = editor.onDidChangeMarkers(read);
    return () => listener.dispose();
  }, []);
  useEffect(() => {
    markAll(workspace, found);
    return () => editor.removeAllMarkers(owner);
  }, [workspace, found]);
  const withoutPlace = found.filter(
    ({ place }) => place === undefined || workspace.model(place.path) === undefined,
  );
  return sortProblems([...withoutPlace, ...marked]);
}

function markAll(workspace: Workspace, found: readonly EditorProblem[]): void {
  const byPath = Map.groupBy(found, ({ place }) => place?.path);
  for (const [path, problems] of byPath) {
    const model = path === undefined ? undefined : workspace.model(path);
    if (model !== undefined) {
      editor.setModelMarkers(
        model,
        owner,
        problems.map((problem) => markerOf(model, problem)),
      );
    }
  }
}

/** The range from a place to the end of the word or the line. */
function markerOf(
  model: editor.ITextModel,
  { severity, message, source, place, hint }: EditorProblem,
): editor.IMarkerData {
  const lineNumber = Math.min(place?.line ?? 1, model.getLineCount());
  const column = Math.min(place?.column ?? 1, model.getLineMaxColumn(lineNumber));
  const word = model.getWordAtPosition({ lineNumber, column });
  return {
    severity: severity === "error" ? MarkerSeverity.Error : MarkerSeverity.Warning,
    message: hint === undefined ? message : `${message}\n${hint}`,
    source,
    startLineNumber: lineNumber,
    startColumn: word?.startColumn ?? column,
    endLineNumber: lineNumber,
    endColumn: word?.endColumn ?? model.getLineMaxColumn(lineNumber),
  };
}

function readMarkers(): readonly EditorProblem[] {
  return editor.getModelMarkers({}).flatMap((marker) => {
    const path = pathOf(marker.resource);
    if (path === undefined || isLibrary(path) || marker.severity < MarkerSeverity.Warning) return [];
    const [message = "", hint] = marker.message.split("\n", 2);
    return [
      {
        severity: marker.severity === MarkerSeverity.Error ? "error" : "warning",
        message,
        source: marker.source ?? "TypeScript",
        place: { path, line: marker.startLineNumber, column: marker.startColumn },
        ...(hint === undefined ? {} : { hint: hint.trim() }),
      } as const,
    ];
  });
}
