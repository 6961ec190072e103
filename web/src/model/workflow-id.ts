/** Why a workflow cannot have this id, as a sentence; `undefined` where it can. The rule is the API's. */
export function whyNotWorkflowId(id: string): string | undefined {
  if (/^[a-z][a-z0-9-]{0,62}$/.test(id)) return undefined;
  return "Start with a lower-case letter, then use up to 62 of a-z, 0-9 and “-”.";
}
