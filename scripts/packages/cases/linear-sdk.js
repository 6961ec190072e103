import { LinearClient } from "@linear/sdk";
export async function run(_ctx, { origin }) {
  const client = new LinearClient({ apiKey: "k", apiUrl: `${origin}/linear` });
  const viewer = await client.viewer;
  return viewer.name;
}
