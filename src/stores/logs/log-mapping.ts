import type { Digest } from "../../base/digest.ts";
import type { ArtifactStore } from "../artifacts/artifacts.ts";
import { isLine } from "./log-messages.ts";
import type { MapJson, MappingModule, QueuedLine, StoredRow } from "./log-messages.ts";
import type { LogSink } from "./log-sink.ts";

export interface LineMapping {
  /** The source maps. */
  readonly artifacts: Pick<ArtifactStore, "get">;
  readonly module: MappingModule;
}

/**
 * Maps positions in a bundle to positions in the author's files before a line is stored. A line whose source map cannot be read
 * is stored unchanged.
 */
export function withLineMapping(sink: LogSink, mapping: LineMapping): LogSink {
  const map = createLineMapper(mapping);
  return { ...sink, append: async (rows) => await sink.append(await map(rows)) };
}

function createLineMapper({
  artifacts,
  module,
}: LineMapping): (rows: readonly StoredRow[]) => Promise<readonly StoredRow[]> {
  let mapJson: MapJson | undefined;
  return async (rows) => {
    const toMap = rows.filter(isLine).filter(namesPosition);
    if (toMap.length === 0) return rows;
    const map = (mapJson ??= ((await import(module)) as { readonly mapJson: MapJson }).mapJson);
    const digests = new Set(toMap.map(({ sourceMapDigest }) => sourceMapDigest));
    const sourceMaps = new Map<Digest, string>();
    for (const digest of digests) {
      const bytes = await artifacts.get(digest).catch(() => undefined);
      if (bytes !== undefined) sourceMaps.set(digest, new TextDecoder().decode(bytes));
    }
    return rows.map((row) => {
      if (!isLine(row) || !namesPosition(row)) return row;
      const sourceMap = sourceMaps.get(row.sourceMapDigest);
      return sourceMap === undefined ? row : { ...row, line: map(row.line, sourceMap) };
    });
  };
}

function namesPosition(row: QueuedLine): row is QueuedLine & { readonly sourceMapDigest: Digest } {
  return row.sourceMapDigest !== undefined && row.line.includes("workflow.js:");
}
