import Replicate from "replicate";
export async function run(_ctx, { origin }) {
  const client = new Replicate({ auth: "k", baseUrl: `${origin}/replicate` });
  return await client.predictions.create({ version: "v", input: { prompt: "Hi" } });
}
