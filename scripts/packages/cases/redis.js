import { createClient } from "redis";
export async function run() {
  const client = createClient({ url: "redis://127.0.0.1:1", socket: { reconnectStrategy: false } });
  client.on("error", () => {});
  return typeof client.get;
}
