import { api } from "../../api.ts";
import { saveAsFile } from "../../save-as-file.ts";

/** Downloads the portable component of a version. */
export async function downloadComponent(workflowId: string, version: number): Promise<void> {
  const component = await api.get("/workflows/{workflowId}/versions/{version}/component.wasm", {
    params: { path: { workflowId, version } },
    parseAs: "blob",
  });
  saveAsFile(`${workflowId}-${version}.wasm`, component as Blob);
}
