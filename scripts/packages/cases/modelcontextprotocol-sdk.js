import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
export async function run(_ctx, { origin }) {
  const client = new Client({ name: "flow", version: "1.0.0" });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${origin}/modelcontextprotocol-sdk`)));
  const { tools } = await client.listTools();
  return tools.map(({ name }) => name);
}
