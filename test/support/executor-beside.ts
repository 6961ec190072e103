import { join } from "node:path";
import type { Instance } from "./instance.ts";

/** The variables of an executor that takes part in an installation with SQLite and an embedded Restate server. */
export function executorBeside(instance: Instance): Record<string, string> {
  return {
    DURANIUM_ROLE: "executor",
    DURANIUM_DATABASE_URL: `file:${join(instance.dataDir, "duranium.sqlite")}`,
    DURANIUM_ARTIFACTS_DIR: join(instance.dataDir, "artifacts"),
    RESTATE_INGRESS_URL: instance.restateIngressUrl,
    RESTATE_ADMIN_URL: instance.restateAdminUrl,
    RESTATE_IDENTITY_KEY: join(instance.dataDir, "restate-identity.pem"),
  };
}
