import { useState } from "react";
import { type EditorLayout, readLayout, storeLayout } from "./layout.ts";

export interface LayoutState {
  readonly layout: EditorLayout;
  readonly change: (changed: Partial<EditorLayout>) => void;
}

/** The layout of the editor, remembered in this browser. */
export function useLayout(): LayoutState {
  const [layout, setLayout] = useState(() => readLayout(localStorage));
  const change = (changed: Partial<EditorLayout>) => {
    const next = { ...layout, ...changed };
    setLayout(next);
    storeLayout(localStorage, next);
  };
  return { layout, change };
}

/** The width up to which the results are below the code in a page that scrolls. Keep in sync with `workbench.css`. */
export const stackedLayout = "(max-width: 700px)";
