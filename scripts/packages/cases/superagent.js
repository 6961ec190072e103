import superagent from "superagent";
export async function run(_ctx, { origin }) {
  const { body } = await superagent.post(`${origin}/echo/a`).query({ c: "d" }).send({ b: 1 }).set("X-A", "1");
  const failure = await superagent
    .get(`${origin}/status/404`)
    .catch((error) => [error.status, error.message]);
  return [body.path, body.body, failure];
}
