import { connect } from "@planetscale/database";
export async function run(_ctx, { origin }) {
  const connection = connect({
    url: `${origin.replace("http:", "https:")}/`,
    fetch: (url, init) => fetch(url.replace("https:", "http:"), init),
    username: "u",
    password: "p",
  });
  return await connection.execute("SELECT ?", [1]).then(
    ({ rows }) => rows,
    (error) => error.name,
  );
}
