import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api } from "../api.ts";
import { formatRelative } from "../time/moment.tsx";
import { viewerZone, zonedText } from "../time/zoned.ts";
import { Panel, shownItems } from "./panel.tsx";

/** The schedules that run next. */
export function NextSchedules({ now }: { readonly now: number }) {
  const { data } = useQuery({
    queryKey: ["schedules", "next"],
    queryFn: async ({ signal }) => await api.get("/schedules", { params: { query: { limit: 100 } }, signal }),
    refetchInterval: 15_000,
  });
  const next = (data?.items ?? [])
    .flatMap(
      ({
        id,
        workflowId,
        paused,
        info: {
          next: [first],
        },
      }) => (first === undefined || paused !== undefined ? [] : [{ id, workflowId, at: first.at }]),
    )
    .toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
  return (
    <Panel title="Next schedules" href="/schedules" empty="No schedules." count={next.length}>
      {next.slice(0, shownItems).map(({ id, workflowId, at }) => (
        <li key={id} className="overview-item">
          <span className="row">
            <Link href={`/schedules/${id}`}>{id}</Link>
            <span className="faint">{workflowId}</span>
          </span>
          <time className="faint nowrap overview-when" dateTime={at} title={zonedText(at, viewerZone)}>
            {formatRelative(now - Date.parse(at))}
          </time>
        </li>
      ))}
    </Panel>
  );
}
