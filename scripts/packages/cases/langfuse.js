import { Langfuse } from "langfuse";
export async function run(_ctx, { origin }) {
  const client = new Langfuse({ publicKey: "p", secretKey: "s", baseUrl: `${origin}/langfuse`, flushAt: 1 });
  return client.trace({ id: "t1", name: "n" }).id;
}
