import type { Queue } from "#client";
import { Link } from "wouter";
import { Table } from "../components/table.tsx";
import { QueueState } from "./queue-state.tsx";
import { limitsText, nameOf } from "./queue-text.ts";
import { Slots } from "./slots.tsx";

/** Queues with what runs and waits. A click in a row opens the queue. */
export function QueueTable({ queues }: { readonly queues: readonly Queue[] }) {
  return (
    <Table label="Queues" dense columns={["Queue", "Kind", "State", "Running", "Queued", "Limits"]}>
      {queues.map((queue) => {
        const { id, limits, running, queued } = queue;
        const { kind, name } = nameOf(id);
        return (
          <tr key={id}>
            <th scope="row">
              <Link href={`/queues/${encodeURIComponent(id)}`} className="execution-link">
                {name}
              </Link>
            </th>
            <td className="soft">{kind}</td>
            <td>
              <QueueState queue={queue} />
            </td>
            <td>
              <Slots running={running} total={limits.total} />
            </td>
            <td className="number">{queued.toLocaleString("en")}</td>
            <td>
              {limitsText(limits)}
              {queue.override === undefined ? null : (
                <>
                  {" "}
                  <span className="badge">overridden</span>
                </>
              )}
            </td>
          </tr>
        );
      })}
    </Table>
  );
}
