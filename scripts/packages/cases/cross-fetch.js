import fetch from "cross-fetch";
export async function run(_ctx, { origin }) {
  return (await (await fetch(`${origin}/echo/x`)).json()).path;
}
