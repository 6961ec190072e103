import { digestOf } from "../../base/sha256.ts";
import { parseWorkflowId } from "../../domain/ids.ts";
import type { DeployId } from "../../domain/workflow.ts";
import type { VersionToRecord } from "../versions.ts";

export const orders = parseWorkflowId("orders");

/** A deploy of the workflow `orders` with a single file; the given properties replace the defaults. */
export function deployOf(
  deployId: string,
  { text = "export function run() {}", ...rest }: Partial<VersionToRecord> & { text?: string } = {},
): VersionToRecord {
  return {
    deployId: deployId as DeployId,
    workflowId: orders,
    source: { entry: "main.ts", files: { "main.ts": text } },
    compiled: {
      imageDigest: digestOf(`image of ${text}`),
      engineDigest: digestOf("engine"),
      bundleDigest: digestOf(`bundle of ${text}`),
      sourceMapDigest: digestOf(`source map of ${text}`),
      protocolVersion: 1,
      language: "javascript",
      sizes: { sourceBytes: text.length, bundleBytes: 210, imageBytes: 98_304, imagePages: 64 },
      timings: { bundleMs: 7.25, evaluateMs: 11.5, imageMs: 3.125 },
    },
    deployedBy: "ci",
    isWorkflowBound: false,
    deployedAt: 1_700_000_000_000,
    ...rest,
  };
}
