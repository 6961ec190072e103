import { createTRPCClient, httpBatchLink } from "@trpc/client";
export async function run(_ctx, { origin }) {
  const client = createTRPCClient({ links: [httpBatchLink({ url: `${origin}/trpc` })] });
  return await client.greeting.query({ name: "A" });
}
