import { Octokit } from "@octokit/core";
export async function run(_ctx, { origin }) {
  const { data } = await new Octokit({ auth: "t", baseUrl: `${origin}/echo` }).request(
    "POST /repos/{owner}/{repo}/issues",
    { owner: "o", repo: "r", title: "T" },
  );
  return [data.path, data.body];
}
