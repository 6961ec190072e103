/** The layout of the editor, as this browser remembers it. */
export interface EditorLayout {
  /** The height of the results, in percent of the height below the bar. */
  readonly resultsPercent: number;
  readonly areResultsOpen: boolean;
  /** Whether the list of files is shown; absent until the user has chosen. */
  readonly isFileListOpen?: boolean;
}

export const usualLayout: EditorLayout = { resultsPercent: 42, areResultsOpen: true };

export const minResultsPercent = 15;
export const maxResultsPercent = 85;

const key = "duranium.editor";

/** What cannot be read is replaced by the usual layout. */
export function readLayout(storage: Pick<Storage, "getItem">): EditorLayout {
  try {
    const stored: unknown = JSON.parse(storage.getItem(key) ?? "{}");
    if (typeof stored !== "object" || stored === null) return usualLayout;
    const { resultsPercent, areResultsOpen, isFileListOpen } = stored as Partial<Record<string, unknown>>;
    return {
      resultsPercent:
        typeof resultsPercent === "number" ? withinLimits(resultsPercent) : usualLayout.resultsPercent,
      areResultsOpen: areResultsOpen !== false,
      ...(typeof isFileListOpen === "boolean" ? { isFileListOpen } : {}),
    };
  } catch {
    return usualLayout;
  }
}

export function storeLayout(storage: Pick<Storage, "setItem">, layout: EditorLayout): void {
  try {
    storage.setItem(key, JSON.stringify(layout));
  } catch {
    // The storage is full or disabled. The layout then lasts as long as the view.
  }
}

export function withinLimits(percent: number): number {
  return Math.round(Math.min(maxResultsPercent, Math.max(minResultsPercent, percent)));
}
