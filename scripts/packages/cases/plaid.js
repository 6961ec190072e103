import { Configuration, PlaidApi } from "plaid";
export async function run(_ctx, { origin }) {
  const client = new PlaidApi(
    new Configuration({
      basePath: `${origin}/plaid`,
      baseOptions: { headers: { "PLAID-CLIENT-ID": "c", "PLAID-SECRET": "s" } },
    }),
  );
  const { data } = await client.accountsGet({ access_token: "a" });
  return data;
}
