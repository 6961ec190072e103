import type { HealthService } from "../api/services.ts";
import { messageOf } from "../domain/errors.ts";
import type { RestateClient } from "./restate-client.ts";

/** Ready is what can reach its database and its Restate server. */
export function createHealthService(
  database: { check(): void },
  restate: Pick<RestateClient, "problems">,
): HealthService {
  return {
    async problems() {
      return [...databaseProblems(database), ...(await restate.problems())];
    },
  };
}

function databaseProblems(database: { check(): void }): string[] {
  try {
    database.check();
    return [];
  } catch (error) {
    return [`the database does not answer (${messageOf(error)})`];
  }
}
