import { ClientSecretCredential } from "@azure/identity";
export function run() {
  const credential = new ClientSecretCredential("00000000-0000-0000-0000-000000000000", "client", "secret");
  return typeof credential.getToken;
}
