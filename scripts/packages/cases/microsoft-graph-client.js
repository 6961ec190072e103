import { Client } from "@microsoft/microsoft-graph-client";
export async function run(_ctx, { origin }) {
  const client = Client.init({
    baseUrl: `${origin}/graph/`,
    authProvider: (done) => done(null, "token"),
    customHosts: new Set(["127.0.0.1"]),
  });
  const reply = await client.api("/me/messages").filter("isRead eq false").top(2).get();
  return [reply.method, reply.path];
}
