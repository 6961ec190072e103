/** The versions of a workflow: what differs between them, and which one is current. */
export function Versions({ workflowId }: { readonly workflowId: string }) {
  return <p>The versions of {workflowId} come here.</p>;
}
