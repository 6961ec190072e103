import Cloudflare from "cloudflare";
export async function run(_ctx, { origin }) {
  const client = new Cloudflare({ apiToken: "t", baseURL: `${origin}/cloudflare`, maxRetries: 0 });
  return await client.dns.records
    .create({ zone_id: "z", type: "A", name: "a.test", content: "1.2.3.4", ttl: 1 })
    .then((record) => record ?? null);
}
