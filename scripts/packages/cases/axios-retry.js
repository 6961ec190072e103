import axios from "axios";
import axiosRetry from "axios-retry";
export async function run(_ctx, { origin }) {
  const client = axios.create();
  axiosRetry(client, { retries: 2, retryDelay: () => 1 });
  return await client.get(`${origin}/status/503`).catch((error) => error.response.status);
}
