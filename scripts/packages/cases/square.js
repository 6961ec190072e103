import { SquareClient } from "square";
export async function run(_ctx, { origin }) {
  const client = new SquareClient({ token: "t", environment: `${origin}/square` });
  return (await client.locations.list()).locations?.[0]?.id;
}
