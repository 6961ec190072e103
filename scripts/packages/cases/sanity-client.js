import { createClient } from "@sanity/client";
export async function run(_ctx, { origin }) {
  const client = createClient({
    projectId: "p",
    dataset: "d",
    apiVersion: "2026-01-01",
    useCdn: false,
    apiHost: `${origin}`,
    useProjectHostname: false,
  });
  return await client.fetch("*[_type == $t]", { t: "post" });
}
