import { Client } from "@upstash/qstash";
export async function run(_ctx, { origin }) {
  const client = new Client({ token: "t", baseUrl: `${origin}/qstash`, retry: false });
  return await client.publishJSON({ url: "https://a.test", body: { a: 1 } }).then(({ path }) => path);
}
