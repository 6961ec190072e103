import type { CSSProperties } from "react";
import { formatDuration } from "#base/duration-text.ts";
import type { TimeScale } from "../time/time-scale.ts";
import { Icon } from "./icon.tsx";
import { repeatsText } from "./repeats.ts";
import type { Repeats } from "./repeats.ts";
import { isBad, spanOf } from "./step.ts";

/** Repeated steps as one row of the chart, which can be expanded. */
export function RepeatsRow({
  repeats,
  scale,
  begin,
  now,
  isExpanded,
  onToggle,
}: {
  readonly repeats: Repeats;
  readonly scale: TimeScale;
  readonly begin: number;
  readonly now: number;
  readonly isExpanded: boolean;
  readonly onToggle: () => void;
}) {
  const { from, to } = spanOfAll(repeats, now);
  const text = repeatsText(repeats);
  return (
    <li className="timeline-item" data-repeats>
      <button type="button" className="timeline-row" aria-expanded={isExpanded} onClick={onToggle}>
        <span className="timeline-label">
          <Icon name={isExpanded ? "down" : "right"} size={14} />
          <span className="timeline-subject" title={text}>
            {text}
          </span>
        </span>
        <span className="timeline-track">
          <span
            className="timeline-bar"
            data-repeats
            data-outcome={repeats.steps.some(isBad) ? "failed" : undefined}
            style={{ "--from": scale.at(from), "--to": scale.at(to) } as CSSProperties}
          />
        </span>
        <span className="timeline-took">
          <span className="visually-hidden">, started after {formatDuration(from - begin)}, took </span>
          {formatDuration(to - from)}
        </span>
      </button>
    </li>
  );
}

/** From the start of the first step to the end of the last. */
export function spanOfAll({ steps }: Repeats, now: number): { readonly from: number; readonly to: number } {
  const spans = steps.map((step) => spanOf(step, now));
  return {
    from: spans.reduce((first, { from }) => Math.min(first, from), Infinity),
    to: spans.reduce((last, { to }) => Math.max(last, to), 0),
  };
}
