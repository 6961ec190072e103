import { storableJson } from "../stores/sql/database.ts";
import type { Database } from "../stores/sql/database.ts";
import { getTableName } from "../stores/sql/drizzle.ts";
import { copyNewLines, removeOtherLines } from "./copy-lines.ts";
import { continueIdentity, isEmpty, keyIn, pagesOf, removeRows, rowsIn } from "./table-rows.ts";
import { tableNames, writeRows } from "./table-rows.ts";
import type { Row, RowSource, Selection, TableName } from "./table-rows.ts";

/**
 * Makes the tables of one database, SQLite or PostgreSQL, equal to those of another. It compares all rows, page by page in the order of
 * the primary key, and writes only those that differ. So a copy that was interrupted, or made while the installation ran, is
 * completed by the next one, which takes as long as reading both databases.
 *
 * 1. Rows that only the destination has are removed first, those that refer to others before these.
 * 2. Rows that were written are read back and compared, and all others were equal. So afterwards the destination is equal to the
 *    source as it was when the copy began.
 * 3. The source is read as of one moment, so no row refers to one that was written after its table was copied.
 */
export interface CopyOptions {
  readonly from: Database;
  readonly to: Database;
  /** Whether to remove rows that only the destination has. They are an error otherwise. */
  readonly mayRemove: boolean;
  /** Whether console lines of an execution that are as many as at the destination count as equal. They never change. */
  readonly countsLines: boolean;
  readonly onCopied: (table: string, copied: Copied) => void;
}

interface SnapshotOptions extends Omit<CopyOptions, "from"> {
  readonly from: RowSource;
}

export interface Copied {
  /** Rows that were compared, without console lines that were only counted. */
  readonly compared: number;
  readonly written: number;
  readonly removed: number;
}

/** @throws {Error} if the destination has other rows, or not those that were written */
export async function copyTables(options: CopyOptions): Promise<void> {
  const { from } = options;
  await from.snapshot(
    async (queries) => await copySnapshot({ ...options, from: { tables: from.tables, queries } }),
  );
}

async function copySnapshot(options: SnapshotOptions): Promise<void> {
  const { from, to, onCopied } = options;
  const removed = new Map<TableName, number>();
  for (const name of tableNames(from).toReversed()) removed.set(name, await removeOthers(options, name));
  for (const name of tableNames(from)) {
    const copied =
      name === "logs" && options.countsLines
        ? await copyNewLines(from, to, async (where) => await copyTable(options, name, { where }))
        : await copyTable(options, name);
    await continueIdentity(to, name);
    onCopied(getTableName(from.tables[name]), { ...copied, removed: removed.get(name) ?? 0 });
  }
}

async function removeOthers({ from, to, mayRemove }: SnapshotOptions, name: TableName): Promise<number> {
  if (await isEmpty(to, name)) return 0;
  const assertAllowed = () => {
    if (!mayRemove) throw new Error(hasOthers(getTableName(from.tables[name])));
  };
  if (name === "logs") return await removeOtherLines(from, to, assertAllowed);
  let count = 0;
  for await (const others of othersIn(from, to, name)) {
    if (others.length > 0) assertAllowed();
    await removeRows(to, name, others);
    count += others.length;
  }
  return count;
}

function hasOthers(table: string): string {
  return `${table} has rows that are not in the database that is copied. If they were deleted there after an earlier copy, repeat with --delete. If another installation uses the destination, choose another one`;
}

async function* othersIn(from: RowSource, to: RowSource, name: TableName): AsyncGenerator<readonly Row[]> {
  let after: Row | undefined;
  for await (const page of pagesOf(from, name, { keysOnly: true })) {
    const upTo = page.at(-1);
    const known = new Set(page.map((row) => keyIn(from.tables, name, row)));
    const stored = await rowsIn(to, name, { after, upTo, keysOnly: true });
    yield stored.filter((row) => !known.has(keyIn(to.tables, name, row)));
    after = upTo;
  }
  for (;;) {
    const others = await rowsIn(to, name, { after, keysOnly: true });
    if (others.length === 0) return;
    yield others;
  }
}

async function copyTable(
  { from, to }: Pick<SnapshotOptions, "from" | "to">,
  name: TableName,
  selection: Selection = {},
): Promise<{ readonly compared: number; readonly written: number }> {
  const isNew = await isEmpty(to, name);
  let compared = 0;
  let written = 0;
  let after: Row | undefined;
  for await (const page of pagesOf(from, name, selection)) {
    const range = { ...selection, after, upTo: page.at(-1) };
    const differing = isNew ? page : await differingRows(to, name, { page, range });
    if (differing.length > 0) {
      await writeRows(to, name, inSafeOrder(differing));
      const [wrong] = await differingRows(to, name, { page, range });
      if (wrong !== undefined)
        throw new Error(`${getTableName(to.tables[name])} does not have what was written`);
    }
    compared += page.length;
    written += differing.length;
    after = page.at(-1);
  }
  return { compared, written };
}

interface Page {
  readonly page: readonly Row[];
  readonly range: Parameters<typeof rowsIn>[2];
}

/** The rows of a page that the destination does not have, or has with other values. */
async function differingRows(to: Database, name: TableName, { page, range }: Page): Promise<readonly Row[]> {
  const stored = new Set((await rowsIn(to, name, range)).map(storableJson));
  return page.filter((row) => !stored.has(storableJson(row)));
}

/** A language has one current engine, so the one that was current before becomes an older one first. */
function inSafeOrder(differing: readonly Row[]): readonly Row[] {
  return differing.toSorted((one, other) => Number(one["isCurrent"] ?? 0) - Number(other["isCurrent"] ?? 0));
}
