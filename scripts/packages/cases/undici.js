import { fetch, request } from "undici";
export async function run(_ctx, { origin }) {
  const { statusCode, body } = await request(`${origin}/echo/a`);
  return [statusCode, (await body.json()).path, typeof fetch];
}
