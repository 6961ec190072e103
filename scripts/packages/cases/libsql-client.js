import { createClient } from "@libsql/client/web";
export async function run(_ctx, { origin }) {
  const client = createClient({ url: `${origin}/libsql` });
  return await client.execute("SELECT 1").catch((error) => error.name);
}
