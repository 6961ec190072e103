import type { AuditEntry } from "#client";
import { Link, useLocation, useSearch } from "wouter";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { Loading } from "../components/loading.tsx";
import { Empty, Section } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { Table } from "../components/table.tsx";
import { useList } from "../components/use-list.ts";
import { shortId } from "../executions/short-id.ts";
import { Moment } from "../time/moment.tsx";
import { describeAction, auditAddress, AuditFilterBar, readAuditFilter } from "./audit-filter.tsx";

/** Changes and denied attempts. */
export function AuditLog() {
  const filter = readAuditFilter(useSearch());
  const [, navigate] = useLocation();
  const { items, error, more } = useList<AuditEntry>(
    ["audit-log", filter],
    async (page, signal) =>
      await api.get("/audit-log", { params: { query: { ...page, ...filter, limit: 50 } }, signal }),
  );
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <Section title="Audit log" about="All changes, including denied ones.">
      <AuditFilterBar filter={filter} onChange={(next) => navigate(auditAddress(next), { replace: true })} />
      {error === null ? null : <Problem error={error} />}
      {items === undefined && error === null ? <Loading what="audit log" /> : null}
      {items?.length === 0 ? <Empty title={isFiltered ? "No matching entries" : "No entries yet"} /> : null}
      {items === undefined || items.length === 0 ? null : (
        <Table label="Audit log" columns={["Time", "Actor", "Action", "Target", "IP address", "Status"]}>
          {items.map(({ id, at, actor, action, subject, workflowId, address, status }) => (
            <tr key={id}>
              <td className="soft">
                <Moment at={at} />
              </td>
              <th scope="row">
                <Link href={auditAddress({ ...filter, actor })}>{actor}</Link>
              </th>
              <td>{describeAction(action)}</td>
              <td>
                <Subject path={subject} workflowId={workflowId} />
              </td>
              <td className="mono soft">{address}</td>
              <td className={status >= 400 ? "bad" : "soft"}>{status}</td>
            </tr>
          ))}
        </Table>
      )}
      {more === undefined ? null : <Button onClick={more}>Load more</Button>}
    </Section>
  );
}

/** The changed resource, with a link to it. */
function Subject({ path, workflowId }: { readonly path: string; readonly workflowId: string | undefined }) {
  const [, kind, id, what, name] = /^\/([\w-]+)\/([\w-]+)(?:\/([\w-]+)(?:\/([\w-]+))?)?/.exec(path) ?? [];
  if (kind === "workflows" && id !== undefined) {
    const isVersion = what === "versions" && name !== undefined;
    return (
      <Link href={`/workflows/${id}${tabs[what ?? ""] ?? ""}`}>
        {isVersion ? `${id}, version ${name}` : path}
      </Link>
    );
  }
  if (kind === "executions" && id?.startsWith("inv_")) {
    return (
      <>
        {workflowId === undefined ? null : <Link href={`/workflows/${workflowId}`}>{workflowId}</Link>}{" "}
        <Link href={`/executions/${id}`} className="mono" title={id}>
          {shortId(id)}
        </Link>
      </>
    );
  }
  return kind === "api-keys" ? <Link href="/settings/api-keys">{path}</Link> : path;
}

/** Where each part of a workflow is shown, by its name in the path. */
const tabs: Readonly<Record<string, string>> = {
  versions: "/versions",
  deploy: "/versions",
  activate: "/versions",
  draft: "/editor",
  settings: "/settings",
  secrets: "/settings",
  webhooks: "/settings",
};
