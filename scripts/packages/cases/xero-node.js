import { XeroClient } from "xero-node";
export async function run() {
  const client = new XeroClient({
    clientId: "c",
    clientSecret: "s",
    redirectUris: ["https://a.test/cb"],
    scopes: ["openid"],
  });
  return [typeof client.accountingApi.getInvoices, typeof client.buildConsentUrl];
}
