import { ClientCredentials } from "simple-oauth2";
export async function run(_ctx, { origin }) {
  const client = new ClientCredentials({
    client: { id: "a", secret: "b" },
    auth: { tokenHost: origin, tokenPath: "/oauth/token" },
  });
  const { token } = await client.getToken({ scope: "s" });
  return Object.keys(token);
}
