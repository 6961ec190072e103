import { Client, cacheExchange, fetchExchange } from "@urql/core";
export async function run(_ctx, { origin }) {
  const client = new Client({
    url: `${origin}/graphql`,
    exchanges: [cacheExchange, fetchExchange],
    preferGetMethod: false,
  });
  return (await client.query("{ viewer { login } }", {}).toPromise()).data;
}
