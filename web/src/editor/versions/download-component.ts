import { api } from "../../api.ts";

/** Has the browser keep the portable component of a version as a file. */
export async function downloadComponent(workflowId: string, version: number): Promise<void> {
  const component = await api.get("/workflows/{workflowId}/versions/{version}/component.wasm", {
    params: { path: { workflowId, version } },
    parseAs: "blob",
  });
  const url = URL.createObjectURL(component as Blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = `${workflowId}-${version}.wasm`;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
