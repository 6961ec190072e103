import type { AuditEntry } from "#client";
import { Link } from "wouter";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { Loading } from "../components/loading.tsx";
import { Empty, Section } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { Table } from "../components/table.tsx";
import { useList } from "../components/use-list.ts";
import { Moment } from "../time/moment.tsx";

/** Who changed what, or was not allowed to. */
export function AuditLog() {
  const { items, error, more } = useList<AuditEntry>(
    ["audit-log"],
    async (page, signal) =>
      await api.get("/audit-log", { params: { query: { ...page, limit: 50 } }, signal }),
  );
  return (
    <Section
      title="Audit log"
      about="Every change that was made, and every one that a key was not allowed to make."
    >
      {error === null ? null : <Problem error={error} />}
      {items === undefined && error === null ? <Loading what="the audit log" /> : null}
      {items?.length === 0 ? <Empty title="Nothing was changed yet" /> : null}
      {items === undefined || items.length === 0 ? null : (
        <Table label="Audit log" columns={["When", "Who", "Did", "To", "From", "Answer"]}>
          {items.map(({ id, at, actor, action, subject, address, status }) => (
            <tr key={id}>
              <td className="soft">
                <Moment at={at} />
              </td>
              <th scope="row">{actor}</th>
              <td>{inWords(action)}</td>
              <td className="mono">
                <Subject path={subject} />
              </td>
              <td className="mono soft">{address}</td>
              <td className={status >= 400 ? "bad" : "soft"}>{status}</td>
            </tr>
          ))}
        </Table>
      )}
      {more === undefined ? null : <Button onClick={more}>Show older</Button>}
    </Section>
  );
}

/** What was changed, and the way to where it is shown. */
function Subject({ path }: { readonly path: string }) {
  const [, kind, id] = /^\/(workflows|executions)\/([\w-]+)/.exec(path) ?? [];
  return kind === undefined || id === undefined ? path : <Link href={`/${kind}/${id}`}>{path}</Link>;
}

/** `deployWorkflow` as `deploy workflow`. */
function inWords(operation: string): string {
  return operation.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
