import type { ExecutionSummary } from "#client";
import { useRef, useState } from "react";

export interface Selection {
  /** The selected executions that are in the list, in its order. */
  readonly selected: readonly ExecutionSummary[];
  has(executionId: string): boolean;
  add(executions: readonly ExecutionSummary[]): void;
  /** @param isRange whether to change all executions since the last one that was changed, as with Shift */
  toggle(executionId: string, isRange: boolean): void;
  clear(): void;
}

/** Selected executions of a list. Executions that leave the list leave the selection. */
export function useSelection(items: readonly ExecutionSummary[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string>(undefined);
  const toggle: Selection["toggle"] = (executionId, isRange) => {
    const places = [last.current, executionId].map((id) =>
      items.findIndex((item) => item.executionId === id),
    );
    const [from, to] = places.toSorted((one, other) => one - other) as [number, number];
    const range = items.slice(from, to + 1).map((item) => item.executionId);
    const changed = isRange && from >= 0 ? range : [executionId];
    last.current = executionId;
    setIds((before) => {
      const isSelecting = !before.has(executionId);
      return isSelecting ? before.union(new Set(changed)) : before.difference(new Set(changed));
    });
  };
  return {
    selected: items.filter(({ executionId }) => ids.has(executionId)),
    has: (executionId) => ids.has(executionId),
    add: (executions) =>
      setIds((before) => before.union(new Set(executions.map(({ executionId }) => executionId)))),
    toggle,
    clear: () => setIds(new Set()),
  };
}
