import got from "got";
export async function run(_ctx, { origin }) {
  const data = await got.post(`${origin}/echo/a`, { json: { b: 1 }, searchParams: { c: "d" } }).json();
  const failure = await got(`${origin}/status/404`, { retry: { limit: 0 } }).catch((error) => [
    error.name,
    error.response.statusCode,
  ]);
  return [data.path, data.body, failure];
}
