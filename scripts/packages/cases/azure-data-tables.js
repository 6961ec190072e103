import { AzureNamedKeyCredential, TableClient } from "@azure/data-tables";
export async function run(_ctx, { origin }) {
  const client = new TableClient(
    `${origin}/azure-data-tables`,
    "t",
    new AzureNamedKeyCredential("acc", "a2V5"),
    { allowInsecureConnection: true },
  );
  return (await client.getEntity("p", "r")).name;
}
