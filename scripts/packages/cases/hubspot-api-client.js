import { Client } from "@hubspot/api-client";
export async function run(_ctx, { origin }) {
  const client = new Client({ accessToken: "t", basePath: `${origin}/hubspot` });
  const contact = await client.crm.contacts.basicApi.create({
    properties: { email: "a@b.test" },
    associations: [],
  });
  return contact.id;
}
