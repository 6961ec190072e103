import { CosmosClient } from "@azure/cosmos";
export function run() {
  const client = new CosmosClient({ endpoint: "https://a.documents.azure.test", key: "a2V5" });
  return client.database("d").container("c").url;
}
