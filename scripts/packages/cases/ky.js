import ky from "ky";
export async function run(_ctx, { origin }) {
  const data = await ky.post(`${origin}/echo/a`, { json: { b: 1 }, searchParams: { c: "d" } }).json();
  const failure = await ky
    .get(`${origin}/status/404`, { retry: 0 })
    .catch((error) => [error.name, error.response.status]);
  return [data.path, data.body, failure];
}
