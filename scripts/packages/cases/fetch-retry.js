import fetchRetry from "fetch-retry";
export async function run(_ctx, { origin }) {
  const reply = await fetchRetry(fetch)(`${origin}/status/503`, {
    retries: 1,
    retryDelay: 5,
    retryOn: [503],
  });
  return reply.status;
}
