import { useEffect, useRef, useSyncExternalStore } from "react";
import { editor, KeyCode, type IDisposable } from "./monaco.ts";
import type { Workspace } from "./workspace.ts";

/** A place to navigate to. A new object navigates again. */
export interface Place {
  readonly path: string;
  /** Counts from 1, as do columns. */
  readonly line: number;
  readonly column: number;
  /** Shows the line and leaves the focus where it is. */
  readonly keepsFocus?: true;
}

export interface CodeEditorProps {
  readonly workspace: Workspace;
  readonly path: string;
  readonly readOnly: boolean;
  readonly goTo: Place | undefined;
  readonly onMove: (line: number, column: number) => void;
}

/** Edits one file at a time. Each file keeps its cursor and scroll position. */
export function CodeEditor({ workspace, path, readOnly, goTo, onMove }: CodeEditorProps) {
  const model = useSyncExternalStore(workspace.subscribe, () => workspace.model(path));
  const root = useRef<HTMLDivElement>(null);
  const instance = useRef<editor.IStandaloneCodeEditor>(undefined);
  const views = useRef(new Map<string, editor.ICodeEditorViewState | null>());
  const shown = useRef<string>(undefined);
  const moved = useRef(onMove);
  useEffect(() => {
    moved.current = onMove;
  }, [onMove]);

  useEffect(() => {
    if (root.current === null) return undefined;
    const created = editor.create(root.current, editorOptions);
    instance.current = created;
    const listeners = [
      created.onDidChangeCursorPosition(({ position }) =>
        moved.current(position.lineNumber, position.column),
      ),
      ...blurOnEscape(created),
    ];
    return () => {
      for (const listener of listeners) listener.dispose();
      created.dispose();
      instance.current = undefined;
      shown.current = undefined;
    };
  }, []);

  useEffect(() => {
    const created = instance.current;
    if (created === undefined || model === undefined || created.getModel() === model) return;
    if (shown.current !== undefined) views.current.set(shown.current, created.saveViewState());
    created.setModel(model);
    created.restoreViewState(views.current.get(path) ?? null);
    shown.current = path;
  }, [model, path]);

  useEffect(() => {
    instance.current?.updateOptions({ readOnly, ariaLabel: `Text of ${path}. ${leaveHint}` });
  }, [path, readOnly]);

  useEffect(() => {
    const created = instance.current;
    if (goTo === undefined || created === undefined || created.getModel() !== model || goTo.path !== path)
      return;
    const position = { lineNumber: goTo.line, column: goTo.column };
    created.setPosition(position);
    created.revealPositionInCenterIfOutsideViewport(position);
    if (goTo.keepsFocus !== true) created.focus();
  }, [goTo, path, model]);

  return <div className="code-editor" ref={root} data-path={path} />;
}

/** The hint how to leave the editor with the keyboard. */
export const leaveHint = "Press Escape, then Tab, to leave it.";

/** The value of `--mono`, which Monaco needs literally to measure text. */
export const codeFont = {
  fontSize: 13,
  lineHeight: 20,
  fontFamily:
    "ui-monospace, 'SF Mono', SFMono-Regular, Menlo, 'Cascadia Mono', 'JetBrains Mono', Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace",
} as const;

const editorOptions: editor.IStandaloneEditorConstructionOptions = {
  automaticLayout: true,
  minimap: { enabled: false },
  ...codeFont,
  tabSize: 2,
  scrollBeyondLastLine: false,
  padding: { top: 12, bottom: 12 },
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 8,
  folding: true,
  renderLineHighlight: "line",
  renderFinalNewline: "on",
  overviewRulerBorder: false,
  fixedOverflowWidgets: true,
  stickyScroll: { enabled: false },
  wordWrap: "off",
  accessibilitySupport: "auto",
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, alwaysConsumeMouseWheel: false },
};

/**
 * Tab indents until Escape is pressed without closing anything. Then it leaves the editor, until the user types or the focus leaves (WCAG 2.1.2).
 */
function blurOnEscape(created: editor.IStandaloneCodeEditor): readonly IDisposable[] {
  const leaving = (tabFocusMode: boolean) => created.updateOptions({ tabFocusMode });
  created.addCommand(KeyCode.Escape, () => leaving(true), nothingToClose);
  return [
    created.onDidBlurEditorWidget(() => leaving(false)),
    created.onDidChangeModelContent(() => leaving(false)),
  ];
}

const nothingToClose = [
  "suggestWidgetVisible",
  "findWidgetVisible",
  "parameterHintsVisible",
  "renameInputVisible",
  "markersNavigationVisible",
  "referenceSearchVisible",
  "inSnippetMode",
  "editorHasMultipleSelections",
  "quickInputVisible",
]
  .map((context) => `!${context}`)
  .join(" && ");
