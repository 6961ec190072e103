import wretch from "wretch";
export async function run(_ctx, { origin }) {
  const data = await wretch(`${origin}/echo/a`).post({ b: 1 }).json();
  const failure = await wretch(`${origin}/status/404`)
    .get()
    .notFound((error) => error.status)
    .res();
  return [data.body, failure];
}
