import { ManagementClient } from "auth0";
export function run() {
  const client = new ManagementClient({ domain: "a.test", token: "t" });
  return typeof client.users;
}
