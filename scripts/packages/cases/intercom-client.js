import { IntercomClient } from "intercom-client";
export async function run(_ctx, { origin }) {
  const client = new IntercomClient({ token: "t", environment: `${origin}/intercom` });
  return (await client.contacts.find({ contact_id: "1" })).id;
}
