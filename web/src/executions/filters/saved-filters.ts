import { readFilter, writeFilter } from "./filter.ts";
import type { ExecutionFilter } from "./filter.ts";

/** A filter that was saved under a name in this browser. */
export interface SavedFilter {
  readonly name: string;
  readonly filter: ExecutionFilter;
}

export const maxNameLength = 60;

const key = "duranium.filters";

/** Filters that every list offers. */
export const commonFilters: readonly SavedFilter[] = [
  { name: "Failed in the last 24 hours", filter: { status: "failed", within: "24h" } },
  { name: "Retrying", filter: { status: "retrying" } },
  { name: "Paused", filter: { status: "paused" } },
  { name: "Suspended", filter: { status: "suspended" } },
];

/** Omits entries that this release cannot read. */
export function readSavedFilters(): readonly SavedFilter[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    if (!Array.isArray(stored)) return [];
    return stored.flatMap((entry: unknown) => {
      if (!isEntry(entry)) return [];
      return [{ name: entry.name.slice(0, maxNameLength), filter: readFilter(entry.query) }];
    });
  } catch {
    return [];
  }
}

function isEntry(entry: unknown): entry is { readonly name: string; readonly query: string } {
  if (typeof entry !== "object" || entry === null) return false;
  return (
    "name" in entry && typeof entry.name === "string" && "query" in entry && typeof entry.query === "string"
  );
}

/** Stores a filter; one of the same name is replaced. Throws if the storage is full. */
export function saveFilter(name: string, filter: ExecutionFilter): void {
  write([...readSavedFilters().filter((saved) => saved.name !== name), { name, filter }]);
}

export function removeSavedFilter(name: string): void {
  write(readSavedFilters().filter((saved) => saved.name !== name));
}

function write(filters: readonly SavedFilter[]): void {
  if (filters.length === 0) localStorage.removeItem(key);
  else
    localStorage.setItem(
      key,
      JSON.stringify(filters.map(({ name, filter }) => ({ name, query: writeFilter(filter) }))),
    );
}
