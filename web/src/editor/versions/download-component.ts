import { api } from "../../api.ts";
import { saveAsFile } from "../../save-as-file.ts";

/** Has the browser save the portable component of a version as a file. */
export async function downloadComponent(workflowId: string, version: number): Promise<void> {
  const component = await api.get("/workflows/{workflowId}/versions/{version}/component.wasm", {
    params: { path: { workflowId, version } },
    parseAs: "blob",
  });
  saveAsFile(`${workflowId}-${version}.wasm`, component as Blob);
}
