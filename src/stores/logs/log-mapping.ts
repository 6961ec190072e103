import type { Digest } from "../../base/digest.ts";
import { openArtifacts } from "../artifacts/open-artifacts.ts";
import { isLine } from "./log-messages.ts";
import type { LineMapping, MapJson, QueuedLine, StoredRow } from "./log-messages.ts";

/**
 * Maps positions in a bundle to positions in the author's files before a line is stored. This runs on the thread that
 * stores the line, because parsing a large source map is slow. A line whose source map cannot be read is stored
 * unchanged.
 */
export function createLineMapper({
  artifacts: location,
  module,
}: LineMapping): (rows: readonly StoredRow[]) => Promise<readonly StoredRow[]> {
  const artifacts = openArtifacts(location);
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
