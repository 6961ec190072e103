import type { ExecutionSummary } from "#client";
import { useState } from "react";
import type { ReactNode } from "react";
import { Button } from "../../components/button.tsx";
import type { IconName } from "../../components/icon.tsx";
import { bulkActions } from "./bulk-action.ts";
import type { BulkActionName } from "./bulk-action.ts";
import { BulkDialog } from "./bulk-dialog.tsx";
import { counted } from "./counted.ts";
import type { Selection } from "./use-selection.ts";

const icons: Readonly<Record<BulkActionName, IconName>> = {
  retry: "retry",
  resume: "play",
  pause: "pause",
  cancel: "stop",
  delete: "trash",
};

/** The bar above a list of executions: selects all of them, and acts on the selected ones. */
export function BulkBar({
  items,
  selection,
  refusal,
  onSelectMatching,
  children,
}: {
  /** The loaded executions. */
  readonly items: readonly ExecutionSummary[];
  readonly selection: Selection;
  /** Why the key may not act on executions. */
  readonly refusal: string | undefined;
  /** Selects the executions that match and are not loaded yet; `undefined` if all are loaded. */
  readonly onSelectMatching: (() => Promise<void>) | undefined;
  /** Shown while nothing is selected. */
  readonly children?: ReactNode;
}) {
  const [asked, setAsked] = useState<BulkActionName>();
  const { selected } = selection;
  const isAll = items.length > 0 && items.every(({ executionId }) => selection.has(executionId));
  return (
    <div
      className="bulk-bar"
      role="group"
      aria-label="Selected executions"
      data-any={selected.length > 0 || undefined}
    >
      <input
        type="checkbox"
        className="row-check"
        aria-label={isAll ? "Clear selection" : "Select all loaded executions"}
        checked={isAll}
        ref={(box) => {
          if (box !== null) box.indeterminate = !isAll && selected.length > 0;
        }}
        onChange={() => (isAll ? selection.clear() : selection.add(items))}
      />
      {selected.length === 0 ? (
        <>
          <span className="soft">
            {counted(items.length)}
            {onSelectMatching === undefined ? "" : ", more below"}
          </span>
          <span className="push row">{children}</span>
        </>
      ) : (
        <>
          <strong role="status">{selected.length.toLocaleString("en")} selected</strong>
          {isAll && onSelectMatching !== undefined ? <SelectMatching onSelect={onSelectMatching} /> : null}
          <BulkButtons selected={selected} refusal={refusal} onAsk={setAsked} />
          <span className="push">
            <Button size="small" kind="quiet" onClick={() => selection.clear()}>
              Clear selection
            </Button>
          </span>
        </>
      )}
      {asked === undefined ? null : (
        <BulkDialog
          name={asked}
          selected={selected}
          onClose={(hasRun) => {
            setAsked(undefined);
            if (hasRun) selection.clear();
          }}
        />
      )}
    </div>
  );
}

/** A button for each action that applies to any of the selected executions, with their number. */
function BulkButtons({
  selected,
  refusal,
  onAsk,
}: {
  readonly selected: readonly ExecutionSummary[];
  readonly refusal: string | undefined;
  readonly onAsk: (name: BulkActionName) => void;
}) {
  return (Object.keys(bulkActions) as BulkActionName[]).map((name) => {
    const action = bulkActions[name];
    const count = selected.filter(({ status }) => action.appliesTo(status)).length;
    if (count === 0) return null;
    return (
      <Button
        key={name}
        size="small"
        icon={icons[name]}
        kind={action.isDangerous ? "danger" : "plain"}
        refusal={refusal}
        onClick={() => onAsk(name)}
      >
        {action.verb} {count.toLocaleString("en")}…
      </Button>
    );
  });
}

function SelectMatching({ onSelect }: { readonly onSelect: () => Promise<void> }) {
  const [isBusy, setBusy] = useState(false);
  return (
    <Button
      size="small"
      kind="quiet"
      busy={isBusy}
      onClick={() => {
        setBusy(true);
        void onSelect().finally(() => setBusy(false));
      }}
    >
      Select all that match
    </Button>
  );
}
