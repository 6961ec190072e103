import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { Problem } from "../../components/problem.tsx";
import { Table } from "../../components/table.tsx";
import { languageOf } from "#domain/engines/language.ts";
import type { Draft } from "../../drafts/draft.ts";
import { count } from "../../model/plural.ts";
import { AddPackage } from "./add-package.tsx";
import { originWords } from "./origin-words.ts";
import { furtherPackages, type PackageRow, packageRows } from "./package-rows.ts";
import { usePackages, type PackageChanges } from "./use-packages.ts";
import "./packages.css";

/** The packages of a draft: what it imports, from where each comes, what is missing, and more by name or from a file. */
export function PackagesPanel({
  draft,
  latest,
  refusal,
  onEdit,
}: {
  readonly draft: Draft;
  readonly latest: () => Draft;
  /** Why the draft cannot be edited. */
  readonly refusal: string | undefined;
  readonly onEdit: (draft: Draft) => void;
}) {
  const changes = usePackages(latest, onEdit);
  if (languageOf(draft) !== "javascript") {
    return <p className="panel-empty">Packages from npm are for workflows in TypeScript and JavaScript.</p>;
  }
  const rows = packageRows(draft);
  return (
    <div className="packages-panel">
      {refusal === undefined ? <AddPackage changes={changes} /> : <p className="soft">{refusal}</p>}
      {changes.error === null ? null : (
        <Problem key={changes.attempt} error={changes.error} details={changes.details} />
      )}
      <p className="visually-hidden" role="status">
        {changes.doing}
      </p>
      {rows.length === 0 ? (
        <p className="soft">The draft imports no packages.</p>
      ) : (
        <Table dense label="Packages" columns={["Package", "Version", "From", { hidden: "Actions" }]}>
          {rows.map((row) => (
            <Row key={row.name} row={row} changes={changes} refusal={refusal} />
          ))}
        </Table>
      )}
      <Further draft={draft} />
    </div>
  );
}

function Row({
  row: { name, range, version, origin, isImported },
  changes,
  refusal,
}: {
  readonly row: PackageRow;
  readonly changes: PackageChanges;
  readonly refusal: string | undefined;
}) {
  const busy = changes.isUnderWay ? "Wait until the change in progress has ended." : refusal;
  const isUpload = origin === "upload";
  return (
    <tr>
      <th scope="row" className="mono">
        {name}
      </th>
      <td className="mono">
        {version ?? "—"}
        {range === undefined || range === version || isUpload ? null : <span className="soft"> {range}</span>}
      </td>
      <td>
        {origin === "missing" ? <Badge kind="bad">Missing</Badge> : originWords[origin]}
        {isImported ? null : <span className="soft">, not imported</span>}
      </td>
      <td>
        <span className="packages-actions">
          {origin === "missing" ? (
            <Button
              size="small"
              icon="plus"
              refusal={busy}
              onClick={() => changes.add(withRange(name, range))}
            >
              Add <span className="visually-hidden">{name}</span>
            </Button>
          ) : null}
          {isImported ? null : (
            <Button size="small" kind="quiet" refusal={busy} onClick={() => changes.insertImport(name)}>
              Import <span className="visually-hidden">{name}</span>
            </Button>
          )}
          {range === undefined || isUpload ? null : (
            <Button size="small" kind="quiet" refusal={busy} onClick={() => changes.update(name)}>
              Update <span className="visually-hidden">{name}</span>
            </Button>
          )}
          {range === undefined ? null : (
            <Button size="small" kind="quiet" refusal={busy} onClick={() => changes.remove(name)}>
              Remove <span className="visually-hidden">{name}</span>
            </Button>
          )}
        </span>
      </td>
    </tr>
  );
}

function withRange(name: string, range: string | undefined): string {
  return range === undefined ? name : `${name}@${range}`;
}

function Further({ draft }: { readonly draft: Draft }) {
  const further = furtherPackages(draft);
  if (further.length === 0) return null;
  return (
    <details className="panel-details">
      <summary>{count(further.length, "further package")} that these need</summary>
      <ul className="packages-further">
        {further.map(([folder, version]) => (
          <li key={folder} className="mono">
            {folder.replaceAll("/node_modules/", " › ")} {version}
          </li>
        ))}
      </ul>
    </details>
  );
}
