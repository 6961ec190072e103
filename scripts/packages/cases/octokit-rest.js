import { Octokit } from "@octokit/rest";
export async function run(_ctx, { origin }) {
  const octokit = new Octokit({ auth: "t", baseUrl: `${origin}/octokit-rest` });
  const issues = await octokit.paginate(octokit.rest.issues.listForRepo, {
    owner: "o",
    repo: "r",
    per_page: 2,
  });
  const failure = await octokit.rest.repos
    .get({ owner: "o", repo: "missing" })
    .catch((error) => [error.status, error.name]);
  return [issues.map(({ title }) => title), failure];
}
