import { WorkOS } from "@workos-inc/node";
export async function run(_ctx, { origin }) {
  const { hostname, port } = new URL(origin);
  const workos = new WorkOS("key", { apiHostname: hostname, port: Number(port), https: false });
  return await workos.organizations.getOrganization("o").then(
    (organization) => organization.object ?? null,
    (error) => error.name,
  );
}
