import { createCloudClient } from "jira.js";
export async function run(_ctx, { origin }) {
  const client = createCloudClient({
    host: `${origin}/jira`,
    auth: { type: "basic", email: "a@b.test", apiToken: "t" },
  });
  const issue = await client.issues.getIssue({ issueIdOrKey: "A-1" }).catch((error) => error.name);
  return [issue.method ?? issue, issue.path ?? null];
}
