import { useEffect, useRef } from "react";
import { codeFont } from "./code-editor.tsx";
import { editor } from "./monaco.ts";
import { oldSource, setUpMonaco } from "./set-up.ts";
import { languageOf } from "./workspace.ts";

/** A side-by-side diff of two texts, inline if there is little space. */
export function DiffView({
  path,
  before,
  after,
  label,
}: {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** Label for screen readers. */
  readonly label: string;
}) {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (root.current === null) return undefined;
    setUpMonaco();
    const language = languageOf(path) === "typescript" ? oldSource : languageOf(path);
    const [original, modified] = [before, after].map((text) => editor.createModel(text, language));
    if (original === undefined || modified === undefined) return undefined;
    const view = editor.createDiffEditor(root.current, options);
    view.setModel({ original, modified });
    // Monaco ignores the labels in the options of the diff editor.
    view.getOriginalEditor().updateOptions({ ariaLabel: `${label}: before` });
    view.getModifiedEditor().updateOptions({ ariaLabel: `${label}: after` });
    return () => {
      view.dispose();
      // A running comparison throws in the worker if its models are disposed of.
      setTimeout(() => {
        original.dispose();
        modified.dispose();
      }, longestComparisonMs);
    };
  }, [path, before, after, label]);
  return <div className="diff-view" ref={root} />;
}

/** Above this time Monaco stops comparing. */
const longestComparisonMs = 5_000;

const options: editor.IStandaloneDiffEditorConstructionOptions = {
  automaticLayout: true,
  readOnly: true,
  originalEditable: false,
  minimap: { enabled: false },
  ...codeFont,
  scrollBeyondLastLine: false,
  renderOverviewRuler: false,
  useInlineViewWhenSpaceIsLimited: true,
  renderSideBySideInlineBreakpoint: 760,
  hideUnchangedRegions: { enabled: true },
  // There is nothing to type, so Tab goes on.
  tabFocusMode: true,
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, alwaysConsumeMouseWheel: false },
};
