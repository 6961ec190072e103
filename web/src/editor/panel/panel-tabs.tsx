import { useId, useRef } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import "./panel.css";

interface PanelTab<Id extends string> {
  readonly id: Id;
  readonly label: string;
  /** Shown beside the label, unless it is 0. */
  readonly count?: number;
  readonly content: ReactNode;
}

/** Panels behind each other, by the pattern of ARIA: arrow keys choose, Tab goes on into the panel. */
export function PanelTabs<Id extends string>({
  label,
  tabs,
  current,
  isOpen,
  end,
  onChoose,
}: {
  readonly label: string;
  readonly tabs: readonly PanelTab<Id>[];
  readonly current: Id;
  /** Whether the current panel is shown. */
  readonly isOpen: boolean;
  /** Shown at the end of the line of tabs. */
  readonly end: ReactNode;
  readonly onChoose: (id: Id) => void;
}) {
  const base = useId();
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ id }) => id === current);
    const steps: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 };
    const next = tabs.at((steps[event.key] ?? Number.NaN) % tabs.length);
    if (steps[event.key] === undefined || next === undefined) return;
    event.preventDefault();
    onChoose(next.id);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <div className="panel-tabs">
      <div className="panel-head">
        <div className="panel-tab-list" role="tablist" aria-label={label} ref={list}>
          {tabs.map(({ id, label: text, count = 0 }) => (
            <button
              key={id}
              type="button"
              role="tab"
              id={`${base}-${id}`}
              data-tab={id}
              className="panel-tab"
              aria-selected={id === current}
              aria-controls={`${base}-${id}-panel`}
              tabIndex={id === current ? 0 : -1}
              onClick={() => onChoose(id)}
              onKeyDown={onKeyDown}
            >
              {text}
              {count === 0 ? null : <span className="panel-tab-count">{count}</span>}
            </button>
          ))}
        </div>
        {end}
      </div>
      {tabs.map(({ id, content }) => (
        <div
          key={id}
          role="tabpanel"
          className="panel-body"
          id={`${base}-${id}-panel`}
          aria-labelledby={`${base}-${id}`}
          hidden={id !== current || !isOpen}
        >
          {content}
        </div>
      ))}
    </div>
  );
}
