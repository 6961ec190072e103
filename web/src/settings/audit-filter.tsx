import type { operations } from "#client";
import { parseTimestamp } from "#base/time.ts";
import { Button } from "../components/button.tsx";
import { SelectField, TextField } from "../components/field.tsx";
import { TypedFilter } from "../components/typed-filter.tsx";
import { isoOfInput, localInput } from "../time/local-input.ts";
import { whyNotWorkflowId } from "../model/workflow-id.ts";
import "./audit-filter.css";

type AuditQuery = NonNullable<operations["listAuditLog"]["parameters"]["query"]>;

export type AuditAction = NonNullable<AuditQuery["action"]>;

/** The filter of the audit log, as in the URL of the view. */
export type AuditFilter = Omit<AuditQuery, "cursor" | "limit">;

const names = ["actor", "action", "workflow", "after", "before"] as const satisfies (keyof AuditFilter)[];

/** All audited operations. */
const actions: Readonly<Record<AuditAction, true>> = {
  deployWorkflow: true,
  activateVersion: true,
  updateVersion: true,
  pauseWorkflow: true,
  resumeWorkflow: true,
  deleteWorkflow: true,
  discardDraft: true,
  uploadPackage: true,
  resolvePackages: true,
  cancelExecution: true,
  pauseExecution: true,
  resumeExecution: true,
  rescheduleExecution: true,
  retryExecution: true,
  retryExecutions: true,
  forkExecution: true,
  forkExecutions: true,
  purgeExecution: true,
  retryFailure: true,
  forkFailure: true,
  putAlertRule: true,
  deleteAlertRule: true,
  testAlertRule: true,
  retryAlert: true,
  setSchedule: true,
  deleteSchedule: true,
  pauseSchedule: true,
  resumeSchedule: true,
  triggerSchedule: true,
  backfillSchedule: true,
  cancelExecutions: true,
  pauseExecutions: true,
  resumeExecutions: true,
  purgeExecutions: true,
  setSettings: true,
  setSecret: true,
  deleteSecret: true,
  createWebhook: true,
  rotateWebhook: true,
  renameWebhook: true,
  deleteWebhook: true,
  createApiKey: true,
  revokeApiKey: true,
  operateRestate: true,
  openSession: true,
  closeSession: true,
  changeQueue: true,
  drainQueue: true,
  purgeQueue: true,
  setSharedLimit: true,
  removeSharedLimit: true,
  startReplayCheck: true,
  cancelReplayCheck: true,
  addEngine: true,
  removeEngine: true,
};

/** `deployWorkflow` as `deploy workflow`. */
export function describeAction(operation: string): string {
  return operation.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Omits invalid values. */
export function readAuditFilter(search: string): AuditFilter {
  const given = new URLSearchParams(search);
  const isMeant: Readonly<Record<(typeof names)[number], (text: string) => boolean>> = {
    actor: (text) => text !== "",
    action: (text) => Object.hasOwn(actions, text),
    workflow: (text) => whyNotWorkflowId(text) === undefined,
    after: (text) => parseTimestamp(text) !== undefined,
    before: (text) => parseTimestamp(text) !== undefined,
  };
  const set = names.filter((name) => isMeant[name](given.get(name) ?? ""));
  return Object.fromEntries(set.map((name) => [name, given.get(name)]));
}

/** The URL of the view with this filter. */
export function auditAddress(filter: AuditFilter): string {
  const set = Object.entries(filter).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(set.map(([name, value]) => [name, value])).toString();
  return search === "" ? "/settings/audit-log" : `/settings/audit-log?${search}`;
}

/** The filter of the audit log. */
export function AuditFilterBar({
  filter,
  onChange,
}: {
  readonly filter: AuditFilter;
  readonly onChange: (filter: AuditFilter) => void;
}) {
  const set = (part: { [Name in keyof AuditFilter]?: AuditFilter[Name] | undefined }) =>
    onChange(
      Object.fromEntries(Object.entries({ ...filter, ...part }).filter(([, value]) => value !== undefined)),
    );
  return (
    <div className="filters" role="search" aria-label="Filter the audit log">
      <TypedFilter
        label="Actor"
        value={filter.actor}
        whyNot={(text) => (text.length > 100 ? "Use at most 100 characters." : undefined)}
        onSet={(actor) => set({ actor })}
      />
      <SelectField
        label="Action"
        value={filter.action ?? ""}
        options={[
          ["", "Any"],
          ...Object.keys(actions).map((action) => [action as AuditAction, describeAction(action)] as const),
        ]}
        onChange={(action) => set({ action: action === "" ? undefined : action })}
      />
      <TypedFilter
        label="Workflow"
        value={filter.workflow}
        whyNot={whyNotWorkflowId}
        onSet={(workflow) => set({ workflow })}
      />
      <TextField
        type="datetime-local"
        label="From"
        value={localInput(filter.after)}
        onChange={(text) => set({ after: isoOfInput(text) })}
      />
      <TextField
        type="datetime-local"
        label="Until"
        value={localInput(filter.before)}
        onChange={(text) => set({ before: isoOfInput(text) })}
      />
      {Object.keys(filter).length === 0 ? null : (
        <Button kind="quiet" icon="close" onClick={() => onChange({})}>
          Clear
        </Button>
      )}
    </div>
  );
}
