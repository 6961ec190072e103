import needle from "needle";
export async function run(_ctx, { origin }) {
  const reply = await needle("post", `${origin}/echo/a`, { b: 1 }, { json: true });
  return [reply.statusCode, reply.body.path, reply.body.body];
}
