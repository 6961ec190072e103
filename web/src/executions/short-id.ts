/** Ids of one workflow start alike: their ends tell them apart. */
export function shortId(executionId: string): string {
  return `…${executionId.slice(-10)}`;
}
