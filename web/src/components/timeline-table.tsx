import { formatDuration } from "../time/duration.ts";
import { outcomeText, spanOf } from "./step.ts";
import type { TimelineStep } from "./step.ts";
import { Table } from "./table.tsx";

/** The same as words. */
export function TimelineTable({
  steps,
  begin,
  now,
  hasEnded,
}: {
  readonly steps: readonly TimelineStep[];
  readonly begin: number;
  readonly now: number;
  readonly hasEnded: boolean;
}) {
  return (
    <Table label="Operations" columns={["Operation", "Began after", "Took", "Outcome"]}>
      {steps.map((step) => {
        const { from, to } = spanOf(step, now);
        return (
          <tr key={step.index}>
            <th scope="row" className="mono">
              {step.name}
            </th>
            <td className="nowrap">{formatDuration(from - begin)}</td>
            <td className="nowrap">{formatDuration(to - from)}</td>
            <td>
              {outcomeText(step, hasEnded)}
              {step.error === undefined ? null : `: ${step.error.message}`}
            </td>
          </tr>
        );
      })}
    </Table>
  );
}
