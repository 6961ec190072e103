import { gmail } from "googleapis/build/src/apis/gmail/index.js";
export async function run(_ctx, { origin }) {
  const client = gmail({ version: "v1", rootUrl: `${origin}/gmail/`, auth: "key" });
  const { data } = await client.users.messages.list({ userId: "me", q: "from:a" });
  return [data.method, data.path];
}
