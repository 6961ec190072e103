import type { JsonValue } from "../../base/json.ts";
import type { PayloadFilter } from "../../domain/execution.ts";
import { showExecuteInput } from "../../journal/execute-input.ts";
import { tagEntry, tagsSetBy } from "../../journal/entry-names.ts";
import { readTags, storedTagPattern } from "../../journal/input-headers.ts";
import { decodeInput } from "../entry-encoding.ts";
import { idList } from "../restate-sql.ts";
import type { RestateSql, Row } from "../restate-sql.ts";

/** Conditions on the inputs and errors of executions, which no index covers: they scan the retained executions. */

/** The condition that the ID begins with the text, or that the text is part of the error, in upper or lower case. */
export function searchCondition(text: string): string {
  const lower = sqlText(text.toLowerCase());
  const inError = ["completion_failure", "last_failure"].map(
    (column) => `strpos(lower(${column}), ${lower}) > 0`,
  );
  return `(starts_with(id, ${sqlText(text)}) OR ${inError.join(" OR ")})`;
}

/** A text as a literal of SQL, in which only the quote has a meaning. The caller rejects control characters. */
function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const isInput = "index = 0 AND entry_type = 'Command: Input'";

/** The entries by which a workflow sets tags. */
const setsTags = `entry_type = 'Command: Run' AND starts_with(name, '${tagEntry([])}')`;

/** The condition that an execution has all of these tags, of its caller or its workflow. */
export function tagsCondition(tags: readonly string[]): string {
  const each = tags.map(
    (tag) =>
      `(${isInput} AND encode(raw, 'hex') LIKE '%${storedTagPattern(tag)}%' OR ${setsTags} AND strpos(concat(name, ' '), ' ${tag} ') > 0)`,
  );
  const all = each.map((has) => `bool_or(${has})`).join(" AND ");
  return `id IN (SELECT id FROM sys_journal WHERE ${each.join(" OR ")} GROUP BY id HAVING ${all})`;
}

/**
 * A condition that every execution meets whose payload has the value at the pointer. Others may meet it too, so `filterByPayload` decides.
 * Payloads that are stored compressed do not meet it.
 */
export function payloadCondition({ pointer, value }: PayloadFilter): string {
  const name = pointer.split("/").at(-1) ?? "";
  const parts = [
    /^\d*$/.test(name) ? "" : JSON.stringify(unescaped(name)),
    JSON.stringify(value).slice(1, -1),
  ];
  const pattern = parts.map((part) => Buffer.from(part, "utf8").toString("hex")).join("%");
  return `id IN (SELECT id FROM sys_journal WHERE ${isInput} AND encode(raw, 'hex') LIKE '%${pattern}%')`;
}

/** Those of the executions whose payload has the value at the pointer. */
export async function filterByPayload(
  restate: RestateSql,
  executionIds: readonly string[],
  { pointer, value }: PayloadFilter,
): Promise<ReadonlySet<string>> {
  if (executionIds.length === 0) return new Set();
  const rows = await restate.query(
    `SELECT id, encode(raw, 'base64') AS raw FROM sys_journal WHERE id IN (${idList(executionIds)}) AND ${isInput}`,
  );
  const matching = rows.filter(({ raw }) => {
    const { payload } = decodeInput(Buffer.from(String(raw), "base64"));
    const found = valueAt(showExecuteInput(payload).payload, pointer);
    return found !== undefined && (found === value || JSON.stringify(found) === value);
  });
  return new Set(matching.map(({ id }) => String(id)));
}

/** The value at a JSON pointer (RFC 6901). */
function valueAt(json: JsonValue, pointer: string): JsonValue | undefined {
  let value: JsonValue | undefined = json;
  for (const name of pointer.split("/").slice(1).map(unescaped)) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, JsonValue>>)[name];
  }
  return value;
}

function unescaped(name: string): string {
  return name.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** The tags of executions that have any: those of the caller, then those that the workflow set. */
export async function readTagsOf(
  restate: RestateSql,
  executionIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (executionIds.length === 0) return new Map();
  const rows = await restate.query(
    `SELECT id, name, CASE WHEN ${isInput} THEN encode(raw, 'base64') END AS raw FROM sys_journal
     WHERE id IN (${idList(executionIds)}) AND (${isInput} AND encode(raw, 'hex') LIKE '%${anyTagPattern}%' OR ${setsTags})
     ORDER BY id, index`,
  );
  const tagged = Map.groupBy(rows, ({ id }) => String(id));
  return new Map(
    Array.from(tagged, ([id, entries]) => [id, [...new Set(entries.flatMap(tagsIn))]] as const).filter(
      ([, tags]) => tags.length > 0,
    ),
  );
}

function tagsIn({ name, raw }: Row): readonly string[] {
  if (typeof raw !== "string") return tagsSetBy(String(name));
  return readTags(decodeInput(Buffer.from(raw, "base64")).headers);
}

const anyTagPattern = Buffer.from("duranium-tag-", "latin1").toString("hex");
