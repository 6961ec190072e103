import { createDefaultHttpClient, createPipelineRequest } from "@azure/core-rest-pipeline";
export async function run(_ctx, { origin }) {
  const response = await createDefaultHttpClient().sendRequest(
    createPipelineRequest({
      url: `${origin}/azure?x=1`,
      method: "POST",
      body: "hi",
      allowInsecureConnection: true,
    }),
  );
  return [response.status, JSON.parse(response.bodyAsText).body];
}
