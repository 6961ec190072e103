import type { KeyboardEvent, PointerEvent } from "react";
import { maxResultsPercent, minResultsPercent, usualLayout, withinLimits } from "./layout.ts";

/** Percent that an arrow key moves the handle by. */
const keyStep = 5;

/** The upper edge of the results, which is dragged, or moved with the arrow keys. A double click restores the usual height. */
export function ResizeHandle({
  percent,
  onResize,
}: {
  readonly percent: number;
  readonly onResize: (percent: number) => void;
}) {
  const onPointerMove = ({ currentTarget, pointerId, clientY }: PointerEvent<HTMLElement>) => {
    const area = currentTarget.closest(".workbench-main")?.getBoundingClientRect();
    if (area === undefined || !currentTarget.hasPointerCapture(pointerId)) return;
    onResize(withinLimits(((area.bottom - clientY) / area.height) * 100));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moved = { ArrowUp: percent + keyStep, ArrowDown: percent - keyStep, Home: 100, End: 0 }[event.key];
    if (moved === undefined) return;
    event.preventDefault();
    onResize(withinLimits(moved));
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a focusable separator is a widget (ARIA 1.2)
    <div
      className="resize-handle"
      role="separator"
      aria-label="Height of the results"
      aria-orientation="horizontal"
      aria-valuenow={percent}
      aria-valuemin={minResultsPercent}
      aria-valuemax={maxResultsPercent}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above
      tabIndex={0}
      onPointerDown={({ currentTarget, pointerId }) => currentTarget.setPointerCapture(pointerId)}
      onPointerMove={onPointerMove}
      onDoubleClick={() => onResize(usualLayout.resultsPercent)}
      onKeyDown={onKeyDown}
    />
  );
}
