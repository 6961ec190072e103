import type { ApiAnswer, Instance, ReachableInstance } from "../support/instance.ts";

/**
 * What the API has acknowledged, for the comparison with what it has in the end: the versions of deploys, and changes,
 * each of which has an entry in the audit log.
 */
export interface Ledger {
  readonly deploys: readonly Deploy[];
  /** How often a change of a subject was acknowledged: `PUT /workflows/a/settings`. */
  readonly changes: ReadonlyMap<string, number>;
  /** Sends a request once, and notes the change that it makes. Rejects without a response. */
  request: Instance["request"];
  /** Deploys once. The note names the deploy, also when the response is lost. */
  deploy(workflow: string, source: object): Promise<ApiAnswer | undefined>;
}

export interface Deploy {
  readonly workflow: string;
  /** The note of its version. */
  readonly note: string;
  /** The acknowledged version, or `undefined` where there was no response. */
  version?: number;
}

/** Operations that have entries, by the form of their path. Executions, events and callbacks have none. */
const audited: Readonly<Record<string, { readonly pattern: RegExp; readonly action: string }[]>> = {
  POST: [
    { pattern: /^\/workflows\/[^/]+\/deploy$/, action: "deployWorkflow" },
    { pattern: /^\/executions\/[^/]+\/cancel$/, action: "cancelExecution" },
    { pattern: /^\/api-keys$/, action: "createApiKey" },
  ],
  PUT: [
    { pattern: /^\/workflows\/[^/]+\/settings$/, action: "setSettings" },
    { pattern: /^\/workflows\/[^/]+\/secrets\/[^/]+$/, action: "setSecret" },
  ],
  DELETE: [{ pattern: /^\/api-keys\/[^/]+$/, action: "revokeApiKey" }],
};

export function createLedger(client: Pick<ReachableInstance, "request">): Ledger {
  const deploys: Deploy[] = [];
  const changes = new Map<string, number>();

  async function request(...asked: Parameters<Instance["request"]>): Promise<ApiAnswer> {
    const answer = await client.request(...asked);
    const [method, path] = asked;
    const action = audited[method]?.find(({ pattern }) => pattern.test(path))?.action;
    if (action !== undefined && answer.status < 300) {
      const subject = `${action} ${answer.headers.get("location") ?? path}`;
      changes.set(subject, (changes.get(subject) ?? 0) + 1);
    }
    return answer;
  }

  return {
    deploys,
    changes,
    request,
    async deploy(workflow, source) {
      const deploy: Deploy = { workflow, note: `deploy ${deploys.length}` };
      deploys.push(deploy);
      const body = { ...source, note: deploy.note };
      const answer = await request("POST", `/workflows/${workflow}/deploy`, { body }).catch(() => undefined);
      if (answer?.status === 201) deploy.version = answer.body.version;
      return answer;
    },
  };
}

export interface LedgerFindings {
  readonly acknowledgedDeploys: number;
  /** Deploys that were acknowledged, and have no version. */
  readonly lostDeploys: readonly string[];
  readonly acknowledgedChanges: number;
  /** Changes that were acknowledged, and have no entry in the audit log. */
  readonly lostAuditLines: readonly string[];
  /** Versions that no deploy made, or that one deploy made twice. */
  readonly wrong: readonly string[];
}

/** Compares what was acknowledged with what an installation has. */
export async function settle(
  ledger: Ledger,
  instance: Pick<ReachableInstance, "request">,
): Promise<LedgerFindings> {
  const acknowledged = ledger.deploys.filter(({ version }) => version !== undefined);
  const lostDeploys: string[] = [];
  const wrong: string[] = [];
  for (const [workflow, deploys] of Map.groupBy(ledger.deploys, (each) => each.workflow)) {
    const versions = await listAll(instance, `/workflows/${workflow}/versions`);
    lostDeploys.push(...lostOf(deploys, versions));
    wrong.push(...wrongVersions(deploys, versions).map((what) => `${workflow}: ${what}`));
  }
  const entries = await listAll(instance, "/audit-log");
  const made = Map.groupBy(entries, ({ action, subject }) => `${action} ${subject}`);
  const lostAuditLines = Array.from(ledger.changes, ([subject, count]) => ({
    subject,
    missing: count - (made.get(subject)?.length ?? 0),
  })).filter(({ missing }) => missing > 0);
  return {
    acknowledgedDeploys: acknowledged.length,
    lostDeploys,
    acknowledgedChanges: ledger.changes.values().reduce((sum, count) => sum + count, 0),
    lostAuditLines: lostAuditLines.map(({ subject, missing }) => `${missing} of ${subject}`),
    wrong,
  };
}

/** What is compared of a version, or of an entry of the audit log. */
interface Listed {
  readonly version: number;
  readonly note?: string;
  readonly current?: boolean;
  readonly action: string;
  readonly subject: string;
}

function lostOf(deploys: readonly Deploy[], versions: readonly Listed[]): readonly string[] {
  return deploys
    .filter(({ version }) => version !== undefined)
    .filter(({ note, version }) => !versions.some((each) => each.version === version && each.note === note))
    .map(
      ({ workflow, note, version }) => `${note} made version ${version} of ${workflow}, which is not there`,
    );
}

function wrongVersions(deploys: readonly Deploy[], versions: readonly Listed[]): readonly string[] {
  const notes = new Set<string | undefined>(deploys.map(({ note }) => note));
  const numbers = versions.map(({ version }) => version).toSorted((one, other) => one - other);
  const acknowledged = Math.max(0, ...deploys.map(({ version }) => version ?? 0));
  const current = Number(versions.find((each) => each.current === true)?.version);
  return [
    ...versions
      .filter(({ note }) => !notes.has(note))
      .map(({ version }) => `no deploy made version ${version}`),
    ...[...Map.groupBy(versions, ({ note }) => note)]
      .filter(([, same]) => same.length > 1)
      .map(([note, same]) => `${note} made ${same.length} versions`),
    ...(numbers.every((number, index) => number === index + 1)
      ? []
      : [`its versions are ${numbers.join(", ")}`]),
    ...(current >= acknowledged ? [] : [`version ${current} is current, and ${acknowledged} was deployed`]),
  ];
}

async function listAll(
  instance: Pick<ReachableInstance, "request">,
  path: string,
): Promise<readonly Listed[]> {
  const items: Listed[] = [];
  for (let cursor = ""; ;) {
    const { status, body } = await instance.request("GET", `${path}?limit=200${cursor}`);
    if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${JSON.stringify(body)}`);
    items.push(...(body.items as Listed[]));
    if (body.cursor === undefined) return items;
    cursor = `&cursor=${body.cursor}`;
  }
}
