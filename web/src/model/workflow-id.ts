/** Why a workflow ID is invalid, as a sentence; `undefined` if it is valid. Same rule as the API. */
export function whyNotWorkflowId(id: string): string | undefined {
  if (/^[a-z][a-z0-9-]{0,62}$/.test(id)) return undefined;
  return "Start with a lower-case letter, then use up to 62 of a-z, 0-9 and “-”.";
}
