import { utf8Length } from "../base/bytes.ts";
import type { JsonValue } from "../base/json.ts";
import { DuraniumError } from "../domain/errors.ts";
import { maxStateValueBytes } from "../domain/limits.ts";
import { maxStateKeys } from "./limits.ts";

/** A stored value of `ctx.state`. Its revision is unique. */
export interface StoredValue {
  readonly value: JsonValue;
  readonly revision: string;
}

/** The storage of one workflow's values. The implementation must run writing actions exclusively. */
export interface StateStorage {
  get(key: string): Promise<StoredValue | null>;
  keys(): Promise<readonly string[]>;
  set(key: string, stored: StoredValue): void;
  clear(key: string): void;
}

/** The actions of the operation `state`. */
export interface StateActions {
  get(given: { readonly key: string }): Promise<JsonValue>;
  keys(): Promise<JsonValue>;
  set(given: WriteInput): Promise<null>;
  delete(given: { readonly key: string }): Promise<null>;
  /** Writes only if the stored value has the expected revision; otherwise it returns the stored value. */
  update(given: UpdateInput): Promise<JsonValue>;
}

export interface WriteInput {
  readonly key: string;
  readonly value: JsonValue;
}

export interface UpdateInput {
  readonly key: string;
  readonly revision: string | null;
  /** Absent to delete the key. */
  readonly value?: JsonValue;
}

/** @param revision the revision of the values that these actions write */
export function createStateActions(cells: StateStorage, revision: string): StateActions {
  const actions: StateActions = {
    get: async ({ key }) => viewOf(await cells.get(key)),
    keys: async () => (await cells.keys()).toSorted(),
    async set({ key, value }) {
      await assertCapacity(cells, key, value);
      cells.set(key, { value, revision });
      return null;
    },
    async delete({ key }) {
      cells.clear(key);
      return null;
    },
    async update({ key, revision: expected, value }) {
      const stored = await cells.get(key);
      if ((stored?.revision ?? null) !== expected) return viewOf(stored);
      if (value !== undefined) return await actions.set({ key, value });
      cells.clear(key);
      return null;
    },
  };
  return actions;
}

function viewOf(stored: StoredValue | null): JsonValue {
  return stored === null ? { revision: null } : { value: stored.value, revision: stored.revision };
}

async function assertCapacity(cells: StateStorage, key: string, value: JsonValue): Promise<void> {
  const bytes = utf8Length(JSON.stringify(value));
  if (bytes > maxStateValueBytes)
    throw stateLimitExceeded(`keep ${bytes} bytes`, { stateValueBytes: maxStateValueBytes });
  const keys = await cells.keys();
  if (keys.length >= maxStateKeys && !keys.includes(key))
    throw stateLimitExceeded("keep another key", { maxStateKeys });
}

function stateLimitExceeded(what: string, limit: Readonly<Record<string, number>>): DuraniumError {
  const [[name, value] = []] = Object.entries(limit);
  return new DuraniumError(
    "limit-exceeded",
    `Cannot ${what} in the workflow's state: the limit is ${value} (${name})`,
  );
}
