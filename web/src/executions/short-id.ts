/** IDs of one workflow have the same prefix, so the end is shown. */
export function shortId(executionId: string): string {
  return `…${executionId.slice(-10)}`;
}
