import { sign, verify } from "@octokit/webhooks-methods";
export async function run() {
  const signature = await sign("secret", '{"a":1}');
  return [signature, await verify("secret", '{"a":1}', signature)];
}
