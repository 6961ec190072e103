import type { KeyRing } from "../data-directory/key-ring.ts";
import { evaluatedEnds } from "../logs/evaluated-ends.ts";
import type { EvaluatedEnds } from "../logs/evaluated-ends.ts";
import type { Database, Steps } from "../sql/database.ts";
import { alertIncidentSteps } from "./alert-incidents.ts";
import type { AlertIncidentSteps } from "./alert-incidents.ts";
import { alertOutboxSteps } from "./alert-outbox.ts";
import type { AlertOutboxSteps } from "./alert-outbox.ts";
import { listRules } from "./alert-rules.ts";
import type { StoredRule } from "./alert-rules.ts";

/**
 * Evaluates rules in one transaction with the result, so that processes evaluate sequentially, and each end once. The work may
 * run again from the start.
 */
export type AlertEvaluation = <T>(work: (steps: EvaluationSteps) => Steps<T>) => Promise<T>;

/** What an evaluation reads and writes. */
export interface EvaluationSteps {
  readonly rules: { list(): Steps<readonly StoredRule[]> };
  readonly incidents: AlertIncidentSteps;
  readonly outbox: AlertOutboxSteps;
  readonly ends: EvaluatedEnds;
}

export function createAlertEvaluation(database: Database, keys: KeyRing): AlertEvaluation {
  const { tables } = database;
  return async (work) =>
    await database.transaction((tx) =>
      work({
        rules: { list: () => listRules({ tx, tables, keys }) },
        incidents: alertIncidentSteps(tx, tables),
        outbox: alertOutboxSteps(tx, tables),
        ends: evaluatedEnds(tx, tables),
      }),
    );
}
