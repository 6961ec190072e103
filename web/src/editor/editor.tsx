/** Where a workflow is written, previewed, deployed and executed. */
export function Editor({ workflowId }: { readonly workflowId: string }) {
  return <p>The editor of {workflowId} comes here.</p>;
}
