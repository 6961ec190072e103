import { Button } from "../../components/button.tsx";
import { count } from "../../model/plural.ts";
import { type CheckGroup, groupsOf } from "./check-groups.ts";
import { DifferenceButton } from "./check-panel.tsx";
import { CheckStatus } from "./check-status.tsx";
import type { Check } from "./use-check.ts";

/** Differences that are listed before a deploy; the results have all of them. */
const maxListed = 4;

/** The check before a deploy, and its first differences, each a link to its line and its data. */
export function DeployCheck({
  check,
  onShow,
}: {
  readonly check: Check;
  /** Shows a difference in the results; the first one without a group. */
  readonly onShow: (group: CheckGroup | undefined) => void;
}) {
  const groups = groupsOf(check.report?.items ?? []);
  return (
    <>
      <CheckStatus check={check} />
      {groups.length === 0 ? null : (
        <ul aria-label="Differences">
          {groups.slice(0, maxListed).map((group) => (
            <li key={group.key}>
              <DifferenceButton group={group} onClick={() => onShow(group)} />
            </li>
          ))}
        </ul>
      )}
      {groups.length <= maxListed ? null : (
        <div>
          <Button size="small" onClick={() => onShow(undefined)}>
            Show all {count(groups.length, "difference")}
          </Button>
        </div>
      )}
    </>
  );
}
