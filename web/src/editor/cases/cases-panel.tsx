import { useState } from "react";
import type { ReplayedRecording } from "#preview/contract/preview.ts";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { groupsOf, subjectOf } from "../check/check-groups.ts";
import { placeInDraft } from "../check/check-panel.tsx";
import { ItemDetails } from "../check/item-details.tsx";
import { outcomeWords } from "../check/outcome-words.ts";
import type { Place } from "../monaco/code-editor.tsx";
import type { Case } from "./case-files.ts";
import { CasesStatus } from "./cases-status.tsx";
import type { Cases } from "./use-cases.ts";

/** The cases of the draft: run together, each with what differs from its expected outcome. */
export function CasesPanel({
  cases: all,
  refusal,
  onGo,
}: {
  readonly cases: Cases;
  /** Why the draft cannot be edited. */
  readonly refusal: string | undefined;
  readonly onGo: (place: Place) => void;
}) {
  const { cases, results, isUnderWay, run, remove } = all;
  const [chosen, choose] = useState<string>();
  const shown = cases.find(({ path }) => path === chosen) ?? cases[0];
  if (cases.length === 0) return <p className="panel-empty">{aboutCases}</p>;
  return (
    <div className="check-panel">
      <div className="check-head">
        <CasesStatus cases={all} />
        <Button size="small" icon="play" busy={isUnderWay} onClick={run}>
          Run all
        </Button>
      </div>
      <div className="check-columns">
        <ul className="check-list" aria-label="Cases">
          {cases.map((each) => (
            <li key={each.path}>
              <CaseButton
                name={each.name}
                result={results.get(each.path)}
                isShown={each === shown}
                onClick={() => {
                  choose(each.path);
                  const result = results.get(each.path);
                  const place =
                    result !== undefined && "outcome" in result ? placeInDraft(result) : undefined;
                  if (place !== undefined) onGo(place);
                }}
              />
            </li>
          ))}
        </ul>
        {shown === undefined ? null : (
          <CaseDetails
            key={shown.path}
            shown={shown}
            result={results.get(shown.path)}
            refusal={refusal}
            onRemove={() => remove(shown.path)}
            onGo={onGo}
          />
        )}
      </div>
    </div>
  );
}

const aboutCases =
  "A case is a preview that was saved with its payload, its answers and its outcome. Run a preview, and save it as a case.";

function CaseButton({
  name,
  result,
  isShown,
  onClick,
}: {
  readonly name: string;
  readonly result: ReplayedRecording | undefined;
  readonly isShown: boolean;
  readonly onClick: () => void;
}) {
  return (
    <button type="button" className="check-item" aria-pressed={isShown} onClick={onClick}>
      <ResultBadge result={result} />
      <span className="grow truncate">{name}</span>
      {result !== undefined && "outcome" in result && groupsOf([result]).length > 0 ? (
        <span className="check-subject truncate">{subjectOf(result)}</span>
      ) : null}
    </button>
  );
}

function ResultBadge({ result }: { readonly result: ReplayedRecording | undefined }) {
  if (result === undefined) return <Badge kind="idle">Not run</Badge>;
  if (!("outcome" in result)) return <Badge kind="bad">Unreadable</Badge>;
  if (result.outcome === "same") return <Badge kind="good">Passed</Badge>;
  return <Badge kind="bad">{outcomeWords[result.outcome].name}</Badge>;
}

function CaseDetails({
  shown: { name, path },
  result,
  refusal,
  onRemove,
  onGo,
}: {
  readonly shown: Case;
  readonly result: ReplayedRecording | undefined;
  readonly refusal: string | undefined;
  readonly onRemove: () => void;
  readonly onGo: (place: Place) => void;
}) {
  return (
    <section className="check-details" aria-label={`Case ${name}`}>
      <div className="row">
        <button type="button" className="link mono grow" onClick={() => onGo({ path, line: 1, column: 1 })}>
          {path}
        </button>
        <Button size="small" kind="quiet" icon="trash" refusal={refusal} onClick={onRemove}>
          Delete case
        </Button>
      </div>
      {result === undefined ? null : "outcome" in result ? (
        <ItemDetails item={result} onGo={onGo} />
      ) : (
        <p>{result.why}</p>
      )}
    </section>
  );
}
