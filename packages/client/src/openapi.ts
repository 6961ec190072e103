// Made of /openapi.json by `npm run client:types`.

export interface paths {
    readonly "/workflows": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List workflows
         * @description Lists deployed workflows.
         */
        readonly get: operations["listWorkflows"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get a workflow */
        readonly get: operations["getWorkflow"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Delete a workflow with its versions
         * @description Its secrets, webhooks, draft, schedules and alert rules are deleted immediately, and executions that are queued end as `skipped`. Running executions keep their settings, and executions can be read until they expire or the name is deployed again, which deletes them, the state and the old versions. The name cannot be deployed while an execution is running. API keys that are bound to the workflow lose it when a key that is bound to none deploys the name again.
         */
        readonly delete: operations["deleteWorkflow"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}/pause": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Pause a workflow
         * @description New executions are accepted and wait, with the status `queued`, until the workflow is resumed: those of callers, schedules, webhooks and other workflows. Executions that have started continue, unless `running` is true. Pausing again replaces the note, and can include running executions.
         */
        readonly post: operations["pauseWorkflow"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}/resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Resume a paused workflow
         * @description Executions that wait start in the order in which they were created, and those that the pause has paused continue. Executions that were paused one by one stay paused. Does nothing if the workflow is not paused.
         */
        readonly post: operations["resumeWorkflow"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}/deploy": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Deploy a workflow
         * @description Compiles the source, evaluates its top level and makes it the current version, which new executions use. Executions that have started keep their version. If the deploy fails, the current version is unchanged.
         */
        readonly post: operations["deployWorkflow"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}/activate": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Roll a workflow back or forward to a version */
        readonly post: operations["activateVersion"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}/versions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List the versions of a workflow, newest first */
        readonly get: operations["listVersions"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}/versions/{version}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get a version with its source */
        readonly get: operations["getVersion"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        /**
         * Change the note of a version
         * @description Everything else about a version is immutable.
         */
        readonly patch: operations["updateVersion"];
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}/versions/{version}/component.wasm": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Download a version as a WebAssembly component
         * @description A component of the world in `wit/runtime.wit`, which any host of the component model can run. The first request builds it, which takes seconds and is cancelled if the client disconnects. The build evaluates the workflow's top level without a fuel limit, which the operator must allow (`DURANIUM_PORTABLE_COMPONENTS=on`).
         */
        readonly get: operations["getPortableComponent"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/drafts": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List drafts
         * @description Includes drafts of workflows that have not been deployed.
         */
        readonly get: operations["listDrafts"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}/draft": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get the draft of a workflow */
        readonly get: operations["getDraft"];
        /**
         * Save the draft of a workflow
         * @description Replaces only the draft that the client has seen: send its `ETag` in `If-Match`, or `If-None-Match: *` if no draft should exist yet. The workflow need not have been deployed.
         */
        readonly put: operations["saveDraft"];
        readonly post?: never;
        /** Discard the draft of a workflow */
        readonly delete: operations["discardDraft"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/packages": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Search for packages
         * @description Searches the packages folder and, if `query` is not empty, the registry that the operator configured. Both are optional.
         */
        readonly get: operations["searchPackages"];
        readonly put?: never;
        /**
         * Upload a package
         * @description Unpacks a .tgz, as `npm pack` makes it, and stores its files. No script of it runs. A source names it in `packages` as `upload:` and the digest. A package that no draft and no version uses is deleted after 30 days.
         */
        readonly post: operations["uploadPackage"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/packages/resolve": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Resolve packages with their dependencies
         * @description Downloads and stores what is not stored yet, and returns the lock for a draft or a deploy. No script of a package runs, and the integrity of each download is verified.
         */
        readonly post: operations["resolvePackages"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/packages/{digest}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the files of a package
         * @description The files that can be imported, and types. A caller that knows the digest of a package may read it; a digest is in the sources that use it.
         */
        readonly get: operations["getPackageFiles"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}/execute": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Execute a workflow
         * @description Starts a durable execution of the current version. Once the response is sent, the execution runs to its end even if processes crash. With `Prefer: wait=N` the status is 200 if the execution ends in time, also if the workflow failed: `status` is then `failed`, and `failure` has the reason. Its times are by the clock of the process that waited. If too many requests wait, in total or with the same API key, the response is sent immediately, as without `Prefer`, and has no `Preference-Applied`.
         */
        readonly post: operations["executeWorkflow"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/executions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List executions, newest first
         * @description Pages do not shift while executions arrive. `version` and `entry-point` match executions that have started. They search the journals of all retained executions, so they take longer than the other filters, and so do `tag`, `search` and `payload`.
         */
        readonly get: operations["listExecutions"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/executions/count": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Count executions
         * @description Takes the filters of the list.
         */
        readonly get: operations["countExecutions"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/executions/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Cancel many executions
         * @description Acts on the matching executions, newest first, and lists each with the error if it was refused. Executions that the action is not about, because they have or have not ended, are left out. If the response has a `cursor`, there may be more: repeat the request with it. `GET /executions/count` counts them before.
         */
        readonly post: operations["cancelExecutions"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/executions/pause": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Pause many executions
         * @description Acts on the matching executions, newest first, and lists each with the error if it was refused. Executions that the action is not about, because they have or have not ended, are left out. If the response has a `cursor`, there may be more: repeat the request with it. `GET /executions/count` counts them before.
         */
        readonly post: operations["pauseExecutions"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/executions/resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Resume many executions
         * @description Acts on the matching executions, newest first, and lists each with the error if it was refused. Executions that the action is not about, because they have or have not ended, are left out. If the response has a `cursor`, there may be more: repeat the request with it. `GET /executions/count` counts them before.
         */
        readonly post: operations["resumeExecutions"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/executions/delete": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Delete many ended executions
         * @description Acts on the matching executions, newest first, and lists each with the error if it was refused. Executions that the action is not about, because they have or have not ended, are left out. If the response has a `cursor`, there may be more: repeat the request with it. `GET /executions/count` counts them before.
         */
        readonly post: operations["purgeExecutions"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/executions/{executionId}/fork": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Fork an execution from a step
         * @description Starts a new execution that reuses the results of this one up to a step, on the same or another version, and runs on from there. What the reused steps did is not done again. The workflow sees the ID, the start time and the random numbers of the execution that is forked. Another version is compared with the reused steps first, without side effects: if it requests something else, the fork is refused with the difference.
         */
        readonly post: operations["forkExecution"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/executions/fork": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Fork many executions from where they failed
         * @description Forks the matching executions that have been neither retried nor forked before: each from its failed step, or with all of its results if it failed in its own code. The response lists each with its fork or with the error. With `dryRun`, nothing is started.
         */
        readonly post: operations["forkExecutions"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/executions/{executionId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get an execution with its steps
         * @description Its input and caller, each step with its times, attempts, outcome and size, what it is waiting for, and its related executions.
         */
        readonly get: operations["getExecution"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Delete an ended execution
         * @description Deletes its input, result and steps, which are otherwise retained for 30 days or as configured by the operator or the settings of the workflow. Its idempotency key then starts a new execution, which has the same ID.
         */
        readonly delete: operations["purgeExecution"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change the time of a scheduled execution
         * @description The execution keeps its ID and its idempotency key, except one that a workflow sent: that gets a new ID, and the former one refers to it from then on. An execution that starts within a second cannot be changed.
         */
        readonly patch: operations["rescheduleExecution"];
        readonly trace?: never;
    };
    readonly "/executions/{executionId}/steps/{index}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get one step of an execution
         * @description Like the steps of the execution, but with a result of up to 4 MiB and, for a `fetch`, the request. Larger results are omitted.
         */
        readonly get: operations["getStep"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/executions/{executionId}/recording": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the recording of an execution
         * @description Everything that the execution received, so that its workflow can be run again on it without side effects. A result above 4 MiB, and results above 16 MiB in total, are marked as omitted. The seed in it determines the URLs of callbacks, so if the execution has created some, this needs the scope `executions:manage` as well.
         */
        readonly get: operations["getRecording"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/executions/{executionId}/callbacks": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the open callbacks of an execution with their URLs
         * @description Any client with such a URL can complete the callback without an API key, so this needs more than the scope that shows the execution.
         */
        readonly get: operations["listCallbacks"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/executions/{executionId}/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Cancel an execution
         * @description Requests cancellation. The execution has ended when its status is `cancelled`.
         */
        readonly post: operations["cancelExecution"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/executions/{executionId}/pause": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Pause an execution
         * @description Pauses the execution after its running steps. Its status is then `paused` until it is resumed.
         */
        readonly post: operations["pauseExecution"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/executions/{executionId}/resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Resume an execution
         * @description Resumes a paused execution, or immediately retries one that waits for its next attempt. A paused execution that is limited by flow control acquires its slots again first: it stays `paused`, and `queue` shows what it waits for.
         */
        readonly post: operations["resumeExecution"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/executions/{executionId}/retry": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Retry an execution with the same input
         * @description Starts a new execution with the entry point and payload of an ended one, from the start or from the failed step.
         */
        readonly post: operations["retryExecution"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/executions/retry": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Retry many executions
         * @description Retries the matching executions that have not been retried before. The response lists each with its retry or with the error; an execution that cannot be retried does not stop the others. If the server fails or is overloaded, the response ends with the execution at which that happened. To preview the selection, list executions with the same filter and `retried=false`.
         */
        readonly post: operations["retryExecutions"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/executions/{executionId}/events/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Send an event to an execution
         * @description The workflow receives it from `ctx.waitForEvent(name)`. Events are queued until the workflow waits for them, and events of one name are delivered in the order in which they were sent.
         */
        readonly post: operations["sendEvent"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}/replay-checks": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the replay checks of a workflow
         * @description The checks of the last day, the latest first, without their items.
         */
        readonly get: operations["listReplayChecks"];
        readonly put?: never;
        /**
         * Replay executions on another version
         * @description Replays recordings of executions that have ended on the draft, a source or a version, and reports what differs. Nothing that the code does has an effect: each call receives what was recorded. Needs the scope `executions:read` as well, because the report contains data of executions. Reports are stored for a day.
         */
        readonly post: operations["startReplayCheck"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}/replay-checks/{checkId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the report of a replay check
         * @description While the check is running, the report has the items so far.
         */
        readonly get: operations["getReplayCheck"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}/replay-checks/{checkId}/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Cancel a replay check
         * @description The items so far stay in the report. A check that has ended stays as it is.
         */
        readonly post: operations["cancelReplayCheck"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/failures": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List failures by cause, the one that was seen last first
         * @description Executions of a workflow that failed with the same kind of error in the same function share a cause, whatever the numbers and IDs in their messages. A failure is listed shortly after the execution has ended.
         */
        readonly get: operations["listFailures"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/failures/{failureId}/retry": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Retry the executions that failed for a cause
         * @description As `POST /executions/retry`, for the executions of one cause. None is retried twice.
         */
        readonly post: operations["retryFailure"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/failures/{failureId}/fork": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Fork the executions that failed for a cause
         * @description As `POST /executions/fork`, for the executions of one cause. None is forked twice. With `dryRun`, the response says which of them would be forked, and why others would not.
         */
        readonly post: operations["forkFailure"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/alerts/rules": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the rules of alerts
         * @description Keys that are bound to workflows see the rules about these workflows.
         */
        readonly get: operations["listAlertRules"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/alerts/rules/{ruleId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get a rule of alerts */
        readonly get: operations["getAlertRule"];
        /**
         * Add or replace a rule of alerts
         * @description A rule alerts once when a workflow meets its condition, and once when it no longer does, however many executions there are. Workflows that meet it together share an alert. A new condition closes the open incidents of the rule. The response to a webhook without `secret` has the generated one, once. A channel `workflow` needs the scope `executions:run` as well.
         */
        readonly put: operations["putAlertRule"];
        readonly post?: never;
        /**
         * Delete a rule of alerts
         * @description Its pending deliveries fail. Sent alerts stay listed.
         */
        readonly delete: operations["deleteAlertRule"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/alerts/rules/{ruleId}/test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Send a test alert to the channels of a rule */
        readonly post: operations["testAlertRule"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/alerts": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List alerts with their deliveries, newest first
         * @description Keys that are bound to workflows see the alerts of rules about these workflows.
         */
        readonly get: operations["listAlerts"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/alerts/incidents": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List incidents, the one that opened last first
         * @description An incident is a time during which a workflow meets the condition of a rule.
         */
        readonly get: operations["listAlertIncidents"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/alerts/{alertId}/retry": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Attempt the failed deliveries of an alert again */
        readonly post: operations["retryAlert"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/overview": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the figures that show whether everything is all right
         * @description Rates and percentiles are counted when executions end, by minute for a day and by hour for as long as executions are retained. Percentiles are exact to 5 per cent. Keys that are bound to workflows get the figures of these workflows.
         */
        readonly get: operations["getOverview"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/schedules": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List schedules */
        readonly get: operations["listSchedules"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/schedules/preview": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Show the next ten runs of a specification */
        readonly post: operations["previewSchedule"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/schedules/{scheduleId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get a schedule */
        readonly get: operations["getSchedule"];
        /**
         * Create or replace a schedule
         * @description The former definition applies to instants up to now, and the new one to later instants, so that a change neither loses nor repeats an instant. A paused schedule stays paused. The definition has at most 64 KiB, its payload included.
         */
        readonly put: operations["setSchedule"];
        readonly post?: never;
        /**
         * Delete a schedule
         * @description Executions that it started continue.
         */
        readonly delete: operations["deleteSchedule"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/schedules/{scheduleId}/pause": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Pause a schedule
         * @description Instants that pass while it is paused are not run later.
         */
        readonly post: operations["pauseSchedule"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/schedules/{scheduleId}/resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Resume a paused schedule */
        readonly post: operations["resumeSchedule"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/schedules/{scheduleId}/trigger": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Run a schedule now
         * @description The run starts whatever else is in progress, also if the schedule is paused.
         */
        readonly post: operations["triggerSchedule"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/schedules/{scheduleId}/backfill": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Run the instants of a past period
         * @description Instants that ran already are not run again. Up to 1,000 instants.
         */
        readonly post: operations["backfillSchedule"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}/settings": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get the settings of a workflow */
        readonly get: operations["getSettings"];
        /**
         * Replace the settings of a workflow
         * @description `egress` applies from the next request on, also to running executions. `traceparent` and `limits` apply to executions that start afterwards, `limits` also to deploys. `retentionHours` applies to ended executions too; changing it can delete executions and needs the scope `executions:manage` as well.
         */
        readonly put: operations["setSettings"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/queues": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the queues of flow control
         * @description Lists queues that have limits, or in which executions wait or hold slots.
         */
        readonly get: operations["listQueues"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/queues/{queueId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get a queue: what runs, what waits, and what blocks it */
        readonly get: operations["getQueue"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        /** Pause or resume a queue, or override its limits */
        readonly patch: operations["changeQueue"];
        readonly trace?: never;
    };
    readonly "/queues/{queueId}/drain": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Drain a queue
         * @description Executions that wait now start as the limits allow. Executions that arrive later wait, and the queue is paused once the others have started.
         */
        readonly post: operations["drainQueue"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/queues/{queueId}/purge": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Skip the executions that wait in a queue
         * @description Executions that have not started end with the status `skipped`. Running ones continue.
         */
        readonly post: operations["purgeQueue"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/limits": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List the limits that workflows share */
        readonly get: operations["listSharedLimits"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/limits/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get a limit that workflows share */
        readonly get: operations["getSharedLimit"];
        /**
         * Set a limit that workflows share
         * @description Workflows use it by name: `limits: [name]` in their flow control. It applies at once, also to executions that wait.
         */
        readonly put: operations["setSharedLimit"];
        readonly post?: never;
        /**
         * Remove a limit that workflows share
         * @description Workflows that use it are no longer limited by it.
         */
        readonly delete: operations["removeSharedLimit"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}/secrets": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List the secrets of a workflow, without their values */
        readonly get: operations["listSecrets"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}/secrets/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        /**
         * Set a secret of a workflow
         * @description Executions, including running ones, use it from their next request on. The workflow reads a placeholder from `ctx.secrets`, which is replaced by the value in requests to one of the hosts.
         */
        readonly put: operations["setSecret"];
        readonly post?: never;
        /** Remove a secret of a workflow */
        readonly delete: operations["deleteSecret"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}/webhooks": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List the webhooks of a workflow, without their URLs */
        readonly get: operations["listWebhooks"];
        readonly put?: never;
        /**
         * Create a webhook that executes a workflow
         * @description Any client with the URL can execute the workflow without an API key. The URL is shown only once.
         */
        readonly post: operations["createWebhook"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}/webhooks/{webhookId}/rotate": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Rotate the URL of a webhook
         * @description The previous URL stops working.
         */
        readonly post: operations["rotateWebhook"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}/webhooks/{webhookId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /** Delete a webhook */
        readonly delete: operations["deleteWebhook"];
        readonly options?: never;
        readonly head?: never;
        /** Change the name of a webhook */
        readonly patch: operations["renameWebhook"];
        readonly trace?: never;
    };
    readonly "/workflows/{workflowId}/webhooks/{webhookId}/deliveries": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the latest requests to a webhook, newest first
         * @description The latest 200 requests whose URL was right, whether they started an execution or were rejected, and why.
         */
        readonly get: operations["listWebhookDeliveries"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/webhooks/{token}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Confirm the URL of a webhook to its sender
         * @description Echoes `hub.challenge` (Meta, WebSub) or `challenge` (Dropbox), and signs `crc_token` (X) at a webhook of that scheme; without one of them the answer is empty. It executes nothing.
         */
        readonly get: operations["confirmWebhook"];
        readonly put?: never;
        /**
         * Execute a workflow by its webhook
         * @description What other systems post to. The signature is checked as the webhook's scheme has it, over the bytes of the body, and a delivery that is repeated executes once. `Content-Encoding` may be gzip, deflate, br or zstd; signatures are over the bytes as they were sent. `validationToken` in the query (Microsoft Graph), Slack's `url_verification`, Zoom's `endpoint.url_validation` and Event Grid's `SubscriptionValidationEvent` are answered with what they ask for, and execute nothing.
         */
        readonly post: operations["executeWebhook"];
        readonly delete?: never;
        /**
         * Permit a sender of CloudEvents to post to a webhook
         * @description With `WebHook-Request-Origin`, as Azure Event Grid sends it, the answer is `WebHook-Allowed-Origin` with the same value. It executes nothing.
         */
        readonly options: operations["permitWebhook"];
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/executions/{executionId}/logs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the console output of an execution, or follow it
         * @description In the order in which it was written; a replay adds nothing. With `Accept: text/event-stream` the lines come as server-sent events, those that are there and then each as it is written: the `data` of a `message` is a line, its `id` the line's number, so that `Last-Event-ID` goes on after it. When the execution has ended, and all lines were sent, one event `end` says its status; close the stream then.
         */
        readonly get: operations["listLogLines"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/callbacks/{token}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Complete a callback
         * @description The URL was created by a workflow with `ctx.createCallback()`. It needs no API key and works once: the workflow receives the payload and continues.
         */
        readonly post: operations["resolveCallback"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api-keys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** List API keys */
        readonly get: operations["listApiKeys"];
        readonly put?: never;
        /**
         * Create an API key
         * @description The response contains the key. Only its hash is stored, so it cannot be shown again.
         */
        readonly post: operations["createApiKey"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api-keys/{apiKeyId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Revoke an API key
         * @description Requests with the key are rejected from now on.
         */
        readonly delete: operations["revokeApiKey"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/session": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get the current session or API key */
        readonly get: operations["getSession"];
        readonly put?: never;
        /**
         * Log in with an API key
         * @description Sets an HttpOnly cookie that replaces the key on all routes. Routes that change data accept it only from the web UI of this server.
         */
        readonly post: operations["openSession"];
        /**
         * Log out
         * @description Succeeds if the session has already expired.
         */
        readonly delete: operations["closeSession"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/session/status": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the status of the session
         * @description Reads the session cookie only and succeeds without one, for the web UI. `GET /session` requires a session or an API key.
         */
        readonly get: operations["getSessionStatus"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/engine": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get the current engine of a language */
        readonly get: operations["getEngine"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/engine/{module}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Download the engine as a WebAssembly module
         * @description It imports the functions of `host` in `wit/runtime.wit`, and nothing else.
         */
        readonly get: operations["downloadEngine"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/engines": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the engines of the installation
         * @description The engine of this release, and those that were added. There are few, so the list has no pages.
         */
        readonly get: operations["listEngines"];
        readonly put?: never;
        /**
         * Add an engine
         * @description Imports an engine file. All executors can use the engine, and new versions of its language get it; versions that exist keep theirs. The file of an engine that exists makes it the current one.
         */
        readonly post: operations["addEngine"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/engines/{digest}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get an engine */
        readonly get: operations["getInstalledEngine"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Remove an engine
         * @description Possible while no version was deployed with it: versions and their executions need their engine. If it is the current one, the engine of its language that was added last before becomes current.
         */
        readonly delete: operations["removeEngine"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/engines/{digest}/content": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Export an engine as a file
         * @description The file that `POST /engines` of another installation imports. The engine of the release is part of it, and is not exported.
         */
        readonly get: operations["exportEngine"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/executors": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List executors, with what each does
         * @description Executors report every five seconds. With SQLite, only those that this process runs or has started are known.
         */
        readonly get: operations["listExecutors"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/healthz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Check liveness */
        readonly get: operations["getHealth"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/readyz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Check readiness */
        readonly get: operations["getReadiness"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/metrics": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the metrics of this process
         * @description In the text format of Prometheus. Scrape each process of an installation, because each has its own metrics.
         */
        readonly get: operations["getMetrics"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get the name, version and URLs of the server */
        readonly get: operations["getAbout"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/errors/{code}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get the documentation of an error code
         * @description The `type` of each problem document is the URL of such a page.
         */
        readonly get: operations["getErrorPage"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/audit-log": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List audit log entries, newest first
         * @description All changes over this API, including denied ones.
         */
        readonly get: operations["listAuditLog"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/openapi.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Get this document */
        readonly get: operations["getOpenApiDocument"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        readonly PauseWorkflow: {
            /** @description Why, for other operators */
            readonly note?: string;
            /** @description True to pause executions that have started as well, each at its next step: a sleeping one when it wakes. By default they continue */
            readonly running?: boolean;
        };
        /** @description A workflow of one file */
        readonly DeployOneFile: {
            /** @description TypeScript, JavaScript or Python that exports `run` */
            readonly source: string;
            /**
             * @description Name of the file in stack traces. By default `workflow.ts`, or `workflow.py` in Python
             * @example lib/tax.ts
             */
            readonly entry?: string;
            /**
             * @description The language of the workflow. By default it follows from the extension of the entry
             * @enum {string}
             */
            readonly language?: "javascript" | "python" | "wasm";
            /** @description Packages of the installation (`DURANIUM_PACKAGES_DIR`) by name, each with its exact version */
            readonly dependencies?: {
                readonly [key: string]: string;
            };
            /** @description Packages by name, each with a version, a range, a tag, or `upload:` and the digest of an uploaded package. They are taken from the operator's packages folder if it has such a version, else from the operator's registry */
            readonly packages?: {
                readonly [key: string]: string;
            };
            /** @description What `packages` was resolved to, by the folder of each package, as a response contained it. With it, the same files are used again */
            readonly packageLock?: {
                readonly [key: string]: components["schemas"]["LockedPackage"];
            };
            /** @description What this version changes and why: plain text, shown in lists of versions */
            readonly note?: string;
        };
        readonly LockedPackage: {
            /**
             * @description The name in its manifest
             * @example zod
             */
            readonly name: string;
            /** @example 4.6.7 */
            readonly version: string;
            /**
             * @description The digest of its files, for `GET /packages/{digest}`
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly digest: string;
            readonly from: components["schemas"]["PackageOrigin"];
            /** @description The digest of the tarball, as in `package-lock.json` */
            readonly integrity?: string;
        };
        /**
         * @description Where its files come from: `folder` is `DURANIUM_PACKAGES_DIR`, `registry` is `DURANIUM_PACKAGES_REGISTRY`
         * @enum {string}
         */
        readonly PackageOrigin: "folder" | "registry" | "upload";
        /** @description A workflow of several files */
        readonly DeployFiles: {
            /** @description Contents by relative path */
            readonly files?: {
                readonly [key: string]: string;
            };
            /** @description Files that are not text, in base64 by relative path. A workflow in WebAssembly has its module here */
            readonly binaryFiles?: {
                readonly [key: string]: string;
            };
            /**
             * @description The file that exports `run`. Optional if there is only one file
             * @example lib/tax.ts
             */
            readonly entry?: string;
            /**
             * @description The language of the workflow. By default it follows from the extension of the entry
             * @enum {string}
             */
            readonly language?: "javascript" | "python" | "wasm";
            /** @description Packages of the installation (`DURANIUM_PACKAGES_DIR`) by name, each with its exact version */
            readonly dependencies?: {
                readonly [key: string]: string;
            };
            /** @description Packages by name, each with a version, a range, a tag, or `upload:` and the digest of an uploaded package. They are taken from the operator's packages folder if it has such a version, else from the operator's registry */
            readonly packages?: {
                readonly [key: string]: string;
            };
            /** @description What `packages` was resolved to, by the folder of each package, as a response contained it. With it, the same files are used again */
            readonly packageLock?: {
                readonly [key: string]: components["schemas"]["LockedPackage"];
            };
            /** @description What this version changes and why: plain text, shown in lists of versions */
            readonly note?: string;
        };
        readonly UpdateVersion: {
            /** @description The new note; an empty one removes it */
            readonly note: string;
        };
        /** @description The files of a draft */
        readonly DraftFiles: {
            /** @description Contents by relative path */
            readonly files: {
                readonly [key: string]: string;
            };
            /** @description Files that are not text, in base64 by relative path. A workflow in WebAssembly has its module here */
            readonly binaryFiles?: {
                readonly [key: string]: string;
            };
            /**
             * @description The file that exports `run`. Optional if there is only one file
             * @example lib/tax.ts
             */
            readonly entry?: string;
            /**
             * @description The language of the workflow. By default it follows from the extension of the entry
             * @enum {string}
             */
            readonly language?: "javascript" | "python" | "wasm";
            /** @description Packages of the installation (`DURANIUM_PACKAGES_DIR`) by name, each with its exact version */
            readonly dependencies?: {
                readonly [key: string]: string;
            };
            /** @description Packages by name, each with a version, a range, a tag, or `upload:` and the digest of an uploaded package. They are taken from the operator's packages folder if it has such a version, else from the operator's registry */
            readonly packages?: {
                readonly [key: string]: string;
            };
            /** @description What `packages` was resolved to, by the folder of each package, as a response contained it. With it, the same files are used again */
            readonly packageLock?: {
                readonly [key: string]: components["schemas"]["LockedPackage"];
            };
        };
        readonly ResolvePackages: {
            /** @description Packages by name, each with a version, a range, a tag, or `upload:` and the digest of an uploaded package. They are taken from the operator's packages folder if it has such a version, else from the operator's registry */
            readonly packages: {
                readonly [key: string]: string;
            };
            /** @description The previous lock. Its packages are kept where they satisfy the ranges */
            readonly packageLock?: {
                readonly [key: string]: components["schemas"]["LockedPackage"];
            };
        };
        /**
         * @description Status of an execution. `completed`, `failed`, `cancelled` and `skipped` are final; `retrying` and `paused` mean that the server failed, not the workflow. `queued`: flow control holds it back; `skipped`: flow control ended it before it ran
         * @enum {string}
         */
        readonly ExecutionStatus: "scheduled" | "queued" | "running" | "suspended" | "retrying" | "paused" | "completed" | "failed" | "cancelled" | "skipped";
        /** @description What replaces the result of a step: a response to a `fetch`, an error of a `fetch` or a call, or the result of a call, an event or a callback */
        readonly StepAnswer: {
            /** @description The `index` of the step */
            readonly step: number;
            readonly status: number;
            readonly headers?: readonly (readonly [
                string,
                string
            ])[];
            /** @description The body as text */
            readonly body?: string;
            /**
             * Format: base64
             * @description The body in base64, in place of `body`
             */
            readonly base64?: string;
        } | {
            /** @description The `index` of the step */
            readonly step: number;
            readonly error: {
                /**
                 * @default Error
                 * @example TimeoutError
                 */
                readonly name?: string;
                readonly message: string;
                readonly code?: string;
            };
        } | {
            /** @description The `index` of the step */
            readonly step: number;
            readonly result: unknown;
        };
        /** @description The draft of the workflow */
        readonly ReplayDraft: {
            /** @constant */
            readonly draft: true;
            readonly select?: components["schemas"]["ReplaySelection"];
        };
        /** @description The executions to replay. Only ended ones are selected */
        readonly ReplaySelection: {
            /**
             * @description The number of executions, the latest first
             * @default 50
             */
            readonly last?: number;
            /** @description These executions */
            readonly executionIds?: readonly string[];
            /** @enum {string} */
            readonly status?: "scheduled" | "queued" | "running" | "suspended" | "retrying" | "paused" | "completed" | "failed" | "cancelled" | "skipped";
            /**
             * @description The number of a version: 1, 2, 3… in the order of the deploys
             * @example 3
             */
            readonly version?: number;
            /**
             * @description A name that the workflow reads from `ctx.entryPoint`
             * @example order-created
             */
            readonly entryPoint?: string;
            /** @description At least one execution of each entry point */
            readonly perEntryPoint?: boolean;
            /** @description At least one execution of each sequence of steps */
            readonly perPath?: boolean;
        };
        /** @description A version of the workflow */
        readonly ReplayVersion: {
            /**
             * @description The number of a version: 1, 2, 3… in the order of the deploys
             * @example 3
             */
            readonly version: number;
            readonly select?: components["schemas"]["ReplaySelection"];
        };
        /** @description A source of one file */
        readonly ReplayOneFile: {
            /** @description TypeScript, JavaScript or Python that exports `run` */
            readonly source: string;
            /**
             * @description Name of the file in stack traces. By default `workflow.ts`, or `workflow.py` in Python
             * @example lib/tax.ts
             */
            readonly entry?: string;
            /**
             * @description The language of the workflow. By default it follows from the extension of the entry
             * @enum {string}
             */
            readonly language?: "javascript" | "python" | "wasm";
            /** @description Packages of the installation (`DURANIUM_PACKAGES_DIR`) by name, each with its exact version */
            readonly dependencies?: {
                readonly [key: string]: string;
            };
            /** @description Packages by name, each with a version, a range, a tag, or `upload:` and the digest of an uploaded package. They are taken from the operator's packages folder if it has such a version, else from the operator's registry */
            readonly packages?: {
                readonly [key: string]: string;
            };
            /** @description What `packages` was resolved to, by the folder of each package, as a response contained it. With it, the same files are used again */
            readonly packageLock?: {
                readonly [key: string]: components["schemas"]["LockedPackage"];
            };
            readonly select?: components["schemas"]["ReplaySelection"];
        };
        /** @description A source of several files */
        readonly ReplayFiles: {
            /** @description Contents by relative path */
            readonly files?: {
                readonly [key: string]: string;
            };
            /** @description Files that are not text, in base64 by relative path. A workflow in WebAssembly has its module here */
            readonly binaryFiles?: {
                readonly [key: string]: string;
            };
            /**
             * @description The file that exports `run`. Optional if there is only one file
             * @example lib/tax.ts
             */
            readonly entry?: string;
            /**
             * @description The language of the workflow. By default it follows from the extension of the entry
             * @enum {string}
             */
            readonly language?: "javascript" | "python" | "wasm";
            /** @description Packages of the installation (`DURANIUM_PACKAGES_DIR`) by name, each with its exact version */
            readonly dependencies?: {
                readonly [key: string]: string;
            };
            /** @description Packages by name, each with a version, a range, a tag, or `upload:` and the digest of an uploaded package. They are taken from the operator's packages folder if it has such a version, else from the operator's registry */
            readonly packages?: {
                readonly [key: string]: string;
            };
            /** @description What `packages` was resolved to, by the folder of each package, as a response contained it. With it, the same files are used again */
            readonly packageLock?: {
                readonly [key: string]: components["schemas"]["LockedPackage"];
            };
            readonly select?: components["schemas"]["ReplaySelection"];
        };
        /**
         * @description When a schedule runs. The instants of `cron`, `every` and `at` are merged. `cron` is local time of `timeZone`: a time that clocks skip runs once, at the moment of the change, and one that they repeat runs once, the first time. Durations are ISO 8601 (`PT5M`), instants are RFC 3339 with their offset, dates in `skip` are local
         * @example {
         *       "cron": [
         *         "0 9 * * 1-5"
         *       ],
         *       "timeZone": "Europe/Berlin"
         *     }
         */
        readonly ScheduleSpec: {
            readonly cron?: readonly string[];
            readonly every?: string;
            readonly offset?: string;
            readonly at?: readonly string[];
            readonly timeZone?: string;
            readonly startAt?: string;
            readonly endAt?: string;
            readonly skip?: readonly (string | {
                readonly from: string;
                readonly to: string;
            })[];
            readonly jitter?: string;
        };
        readonly SetSchedule: {
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            readonly spec: components["schemas"]["ScheduleSpec"];
            /** @description By default the current version at the time of the run */
            readonly version?: "current" | number;
            readonly entryPoint?: string;
            readonly payload?: unknown;
            /** @enum {string} */
            readonly overlap?: "skip" | "buffer-one" | "buffer-all" | "cancel-running" | "allow";
            readonly catchUp?: string;
            readonly pauseOnFailure?: number;
            readonly remaining?: number;
            readonly note?: string;
        };
        readonly WorkflowSettings: {
            /** @description What its fetches may request, and how often */
            readonly egress?: {
                /**
                 * @description The only hosts that the workflow may fetch from: `api.example.com`, `*.example.com`, `api.example.com:8443`. HTTPS, unless prefixed with `http://`. An empty list allows none. By default all that the operator allows
                 * @example [
                 *       "api.stripe.com",
                 *       "*.example.com"
                 *     ]
                 */
                readonly allow?: readonly string[];
                /** @description By default all */
                readonly methods?: readonly string[];
                /**
                 * @description How often hosts are requested, and how many requests are in flight at the same time, by host name. Workflows that name the same host share its limits. Fetches that exceed them wait
                 * @example {
                 *       "api.example.com": {
                 *         "limit": 10,
                 *         "period": "1s",
                 *         "concurrency": 2
                 *       }
                 *     }
                 */
                readonly rate?: {
                    readonly [key: string]: {
                        /** @description Requests that start in `period`, evenly spaced */
                        readonly limit?: number;
                        /**
                         * @description An ISO 8601 duration, or a short form such as `10s`
                         * @example PT10S
                         */
                        readonly period?: string;
                        /** @description Requests that may start at once. Defaults to 1 */
                        readonly burst?: number;
                        /** @description Requests in flight at the same time */
                        readonly concurrency?: number;
                    };
                };
            };
            /**
             * @description Limits of its executions, up to the maximum of the operator. Unset limits have their defaults
             * @example {
             *       "executionFuel": 1000000000,
             *       "memoryMib": 32
             *     }
             */
            readonly limits?: {
                /** @description Fuel of one turn, and of the top level at a deploy */
                readonly turnFuel?: number;
                /** @description Fuel of all turns together */
                readonly executionFuel?: number;
                /** @description The memory, of which the engine itself takes some 10 MiB */
                readonly memoryMib?: number;
                /** @description The payload */
                readonly payloadBytes?: number;
                /** @description What the workflow returns */
                readonly resultBytes?: number;
                /** @description A value that it writes to `ctx.state`, as JSON */
                readonly stateValueBytes?: number;
                /** @description The body of a request that it sends */
                readonly fetchRequestBytes?: number;
                /** @description The body of a response that it receives */
                readonly fetchResponseBytes?: number;
                /** @description One console line, as JSON. What is beyond is cut */
                readonly logLineBytes?: number;
                /** @description All console lines that are kept */
                readonly logBytes?: number;
                /** @description Host calls that wait for their answers */
                readonly callsInFlight?: number;
                /** @description Host calls in all */
                readonly calls?: number;
                /** @description The payload, and what host calls ask and are answered */
                readonly journalBytes?: number;
            };
            /**
             * @description Hours after its end when an execution is deleted with its input, result, steps and console lines. By default the retention of the operator
             * @example 72
             */
            readonly retentionHours?: number;
            /**
             * @description Flow control: how many executions run, and when they start. Each member replaces that of the export `flow` in the code
             * @example {
             *       "concurrency": {
             *         "perKey": 3,
             *         "key": "/customer/id"
             *       }
             *     }
             */
            readonly flow?: {
                readonly concurrency?: {
                    /** @description Executions that run at the same time */
                    readonly total?: number;
                    /** @description Executions with the same key that run at the same time */
                    readonly perKey?: number;
                    /**
                     * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                     * @example /customer/id
                     */
                    readonly key?: string | readonly string[];
                    /**
                     * @description `run` (default): an execution holds its slot from start to end, also while it sleeps or waits. `active`: it releases the slot while it only sleeps or waits, and acquires one again before it continues
                     * @enum {string}
                     */
                    readonly holds?: "run" | "active";
                };
                readonly rateLimit?: {
                    /** @description Executions that start in `period`, evenly spaced */
                    readonly limit: number;
                    /**
                     * @description An ISO 8601 duration, or a short form such as `10s`
                     * @example PT10S
                     */
                    readonly period: string;
                    /** @description Executions that may start at once. Defaults to 1 */
                    readonly burst?: number;
                    /**
                     * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                     * @example /customer/id
                     */
                    readonly key?: string | readonly string[];
                    /**
                     * @description `delay` (default) queues the others, `reject` refuses them with status 429
                     * @enum {string}
                     */
                    readonly mode?: "delay" | "reject";
                };
                /** @description An execution starts once no further one with its key was started for `period`. The earlier ones end as `skipped` */
                readonly debounce?: {
                    /**
                     * @description An ISO 8601 duration, or a short form such as `10s`
                     * @example PT10S
                     */
                    readonly period: string;
                    /**
                     * @description The longest delay since the first execution
                     * @example PT10S
                     */
                    readonly max?: string;
                    /**
                     * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                     * @example /customer/id
                     */
                    readonly key?: string | readonly string[];
                };
                /** @description At most one execution with the same key exists */
                readonly singleton?: {
                    /**
                     * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                     * @example /customer/id
                     */
                    readonly key?: string | readonly string[];
                    /**
                     * @description `skip` (default) ends the new execution as `skipped`, `cancel-running` cancels the one that runs
                     * @enum {string}
                     */
                    readonly mode?: "skip" | "cancel-running";
                };
                /** @description One execution receives the payloads of up to `size` executions that were started within `period`, as an array. The others end as `skipped` */
                readonly batch?: {
                    readonly size: number;
                    /**
                     * @description An ISO 8601 duration, or a short form such as `10s`
                     * @example PT10S
                     */
                    readonly period: string;
                    /**
                     * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                     * @example /customer/id
                     */
                    readonly key?: string | readonly string[];
                };
                /** @description Executions with a higher number start first */
                readonly priority?: number | {
                    readonly key: string;
                };
                /** @description Limits that several workflows share, by name */
                readonly limits?: readonly (string | {
                    readonly name: string;
                    /**
                     * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                     * @example /customer/id
                     */
                    readonly key?: string | readonly string[];
                })[];
            };
            /** @description Recordings of its executions */
            readonly recordings?: {
                /** @description What is redacted in recordings and reports of replays before they leave the server. Texts that are redacted in one place are redacted wherever else they occur */
                readonly redact?: {
                    /** @description Names of request and response headers. These are redacted always: authorization, proxy-authorization, cookie, set-cookie, x-api-key, api-key, x-auth-token, x-access-token, x-csrf-token, x-amz-security-token, x-goog-api-key */
                    readonly headers?: readonly string[];
                    /** @description JSON Pointers into payloads, bodies of requests and responses, events, callbacks, state values and results. `*` stands for each element of a list, or each member of an object */
                    readonly body?: readonly string[];
                };
            };
            /** @description What a deploy requires */
            readonly deploy?: {
                /** @description Set if a source can only be deployed after a replay check of it has passed, within a day. The first version needs none */
                readonly requireReplayCheck?: {
                    /**
                     * @description The number of executions that the check must have selected, the latest first, unless there are fewer
                     * @default 50
                     */
                    readonly last?: number;
                    /**
                     * @description Outcomes that may occur beside `same`
                     * @example [
                     *       "otherResult",
                     *       "notComparable"
                     *     ]
                     */
                    readonly allow?: readonly components["schemas"]["ReplayOutcome"][];
                };
            };
            /** @description True if fetches of executions that start from now on send a `traceparent` header, with which servers continue the trace of the execution. Defaults to false */
            readonly traceparent?: boolean;
        };
        /**
         * @description `same`: same calls, same end. `otherResult`: same calls, another result. `different`: another call in the place of a recorded one. `asksForMore`: a call that was not recorded, or a wait for something that did not arrive. `endsEarlier`: a recorded call is not made. `throws`: an error that was not recorded. `notComparable`: the recording lacks what is needed
         * @enum {string}
         */
        readonly ReplayOutcome: "same" | "otherResult" | "different" | "asksForMore" | "endsEarlier" | "throws" | "notComparable";
        readonly ChangeQueue: {
            /** @description True stops all starts, false ends a pause or a drain. Running executions continue */
            readonly paused?: boolean;
            /** @description Replaces single limits at once, also for executions that wait, until it is replaced; `null` restores the limits of the workflow */
            readonly override?: {
                /** @description Executions that run at the same time */
                readonly total?: number;
                /** @description Executions with the same key that run at the same time. Without a key: of the same workflow */
                readonly perKey?: number;
                readonly rateLimit?: {
                    /** @description Executions that start in `period`, evenly spaced */
                    readonly limit: number;
                    /**
                     * @description An ISO 8601 duration, or a short form such as `10s`
                     * @example PT10S
                     */
                    readonly period: string;
                    /** @description Executions that may start at once. Defaults to 1 */
                    readonly burst?: number;
                };
            } | null;
            /** @description Why, for other operators */
            readonly note?: string;
        };
        readonly OperateQueue: {
            /** @description Why, for other operators */
            readonly note?: string;
        };
        readonly SetSharedLimit: {
            /** @description Executions that run at the same time */
            readonly total?: number;
            /** @description Executions with the same key that run at the same time. Without a key: of the same workflow */
            readonly perKey?: number;
            readonly rateLimit?: {
                /** @description Executions that start in `period`, evenly spaced */
                readonly limit: number;
                /**
                 * @description An ISO 8601 duration, or a short form such as `10s`
                 * @example PT10S
                 */
                readonly period: string;
                /** @description Executions that may start at once. Defaults to 1 */
                readonly burst?: number;
            };
        };
        readonly Workflow: {
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * @description The version of new executions. Absent until the first deploy has ended
             * @example 3
             */
            readonly currentVersion?: number;
            /**
             * @description The number of the last deploy
             * @example 3
             */
            readonly latestVersion: number;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /** @description Present while the workflow is paused: new executions wait */
            readonly paused?: {
                /**
                 * Format: date-time
                 * @description A time with its zone (RFC 3339); in responses in UTC
                 * @example 2026-01-31T09:30:00.000Z
                 */
                readonly at: string;
                /** @description The name of the API key that paused it */
                readonly by: string;
                readonly note?: string;
                /** @description True if executions that had started are paused as well */
                readonly running: boolean;
            };
            /** @description Its last executions, newest first, if `recent` is given */
            readonly recent?: readonly {
                /**
                 * @description The ID of an execution, which is Restate's invocation ID
                 * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
                 */
                readonly executionId: string;
                readonly status: components["schemas"]["ExecutionStatus"];
                /**
                 * Format: date-time
                 * @description A time with its zone (RFC 3339); in responses in UTC
                 * @example 2026-01-31T09:30:00.000Z
                 */
                readonly createdAt: string;
            }[];
        };
        /** @description An error (RFC 9457) */
        readonly Problem: {
            /**
             * @description URL of a page that explains the error, relative to the API; its last segment is `code`
             * @example /errors/workflow-not-found
             */
            readonly type: string;
            /** @description Title of the error */
            readonly title: string;
            /** @description Status of the response */
            readonly status: number;
            /** @description What could not be done, to what, and why */
            readonly detail: string;
            /** @description The path of the request; for failures of the server a `urn:uuid:` under which its log has the details */
            readonly instance?: string;
            /**
             * @description Stable name of the error
             * @enum {string}
             */
            readonly code: "invalid-json" | "invalid-request" | "invalid-workflow-id" | "invalid-entry-point" | "invalid-event-name" | "invalid-recording" | "invalid-cursor" | "malformed-http" | "unauthenticated" | "signature-invalid" | "signature-expired" | "forbidden" | "cross-site" | "route-not-found" | "workflow-name-in-use" | "workflow-not-found" | "version-not-found" | "execution-not-found" | "replay-check-not-found" | "step-not-found" | "callback-not-found" | "queue-not-found" | "alert-rule-not-found" | "alert-not-found" | "failure-not-found" | "webhook-not-found" | "secret-not-found" | "draft-not-found" | "schedule-not-found" | "schedule-managed" | "api-key-not-found" | "method-not-allowed" | "request-timeout" | "execution-ended" | "execution-started" | "execution-not-started" | "execution-not-ended" | "no-failed-step" | "fork-refused" | "callback-already-used" | "too-many-events" | "too-many-log-streams" | "draft-conflict" | "precondition-required" | "idempotency-conflict" | "body-too-large" | "unsupported-media-type" | "rate-limited" | "headers-too-large" | "compile-failed" | "missing-run" | "evaluation-failed" | "invalid-declaration" | "evaluation-timeout" | "evaluation-out-of-memory" | "evaluation-out-of-fuel" | "engine-not-installed" | "invalid-engine" | "engine-not-found" | "engine-in-use" | "replay-check-required" | "package-refused" | "package-not-found" | "registry-unavailable" | "bundle-too-large" | "compiler-crashed" | "workflow-failed" | "workflow-stalled" | "out-of-memory" | "out-of-fuel" | "sandbox-crashed" | "guest-protocol-violated" | "limit-exceeded" | "journal-full" | "reused-steps-unavailable" | "cancelled" | "skipped" | "turn-timeout" | "worker-lost" | "executor-crashed" | "workflow-paused" | "engine-unavailable" | "protocol-unsupported" | "artifact-corrupt" | "artifact-missing" | "object-storage-unavailable" | "object-storage-refused" | "overloaded" | "not-ready" | "database-unavailable" | "restate-unavailable" | "portable-builds-disabled" | "internal";
            /** @description For malformed requests: the violated rules and their positions; the first 50 */
            readonly errors?: readonly components["schemas"]["FieldError"][];
            /** @description For sources that do not compile or evaluate, and for JSON bodies whose syntax error has a position */
            readonly diagnostics?: readonly components["schemas"]["Diagnostic"][];
            /**
             * Format: date-time
             * @description For `draft-conflict`: when the other draft was saved
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly updatedAt?: string;
            /** @description For `draft-conflict`: the API key that saved the other draft */
            readonly updatedBy?: string;
            /** @description For `not-ready`: the failing checks */
            readonly problems?: readonly string[];
        };
        /** @description A rule that a part of the request violates */
        readonly FieldError: {
            /** @description The rule that is violated */
            readonly detail: string;
            /**
             * @description Position in the body: a JSON pointer (RFC 6901) as the fragment of a URI; `#` is the whole body
             * @example #/egress/allow/0
             */
            readonly pointer?: string;
            /** @description Name of the query or path parameter */
            readonly parameter?: string;
            /** @description Name of the header */
            readonly header?: string;
        };
        /** @description An error in a source or a body, and its position */
        readonly Diagnostic: {
            /** @example Expected ";" but found "retrun" */
            readonly message: string;
            /** @example workflow.ts */
            readonly file?: string;
            /**
             * @description Counts from 1
             * @example 12
             */
            readonly line?: number;
            /**
             * @description Counts from 1
             * @example 7
             */
            readonly column?: number;
            /** @description The text of the line */
            readonly lineText?: string;
            /** @description What to do about it */
            readonly hint?: string;
        };
        readonly DeployedVersion: {
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * @description The number of a version: 1, 2, 3… in the order of the deploys
             * @example 3
             */
            readonly version: number;
            /**
             * @description Digest of the source: the same source has the same digest
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly digest: string;
            /**
             * @description Digest of the memory image that executions start from
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly imageDigest: string;
            /**
             * @description Digest of the engine that created the image and runs it
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly engineDigest: string;
            /**
             * @description Digest of the bundled source
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly bundleDigest: string;
            /** @description The protocol between the image and its host */
            readonly protocolVersion: number;
            /**
             * @description The language of the workflow. TypeScript is `javascript`
             * @enum {string}
             */
            readonly language: "javascript" | "python" | "wasm";
            readonly sizes: {
                readonly sourceBytes: number;
                readonly bundleBytes: number;
                /** @description Compressed size as stored */
                readonly imageBytes: number;
                /** @description Pages of 4 KiB that differ from the engine's */
                readonly imagePages: number;
            };
            readonly timings: {
                readonly bundleMs: number;
                readonly evaluateMs: number;
                readonly imageMs: number;
            };
            /** @description The name of the API key that deployed it */
            readonly deployedBy: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly deployedAt: string;
            /** @description The author's note: plain text */
            readonly note?: string;
            /** @description The exports `schedules` and `flow` of the source */
            readonly declarations?: {
                readonly schedules?: readonly {
                    /** @description The ID of the schedule is `<workflow ID>.<name>` */
                    readonly name: string;
                    readonly definition: {
                        readonly spec: components["schemas"]["ScheduleSpec"];
                        readonly entryPoint?: string;
                        readonly payload?: unknown;
                        /** @enum {string} */
                        readonly overlap?: "skip" | "buffer-one" | "buffer-all" | "cancel-running" | "allow";
                        readonly catchUp?: string;
                        readonly pauseOnFailure?: number;
                        readonly remaining?: number;
                        readonly note?: string;
                    };
                }[];
                readonly flow?: {
                    readonly concurrency?: {
                        /** @description Executions that run at the same time */
                        readonly total?: number;
                        /** @description Executions with the same key that run at the same time */
                        readonly perKey?: number;
                        /**
                         * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                         * @example /customer/id
                         */
                        readonly key?: string | readonly string[];
                        /**
                         * @description `run` (default): an execution holds its slot from start to end, also while it sleeps or waits. `active`: it releases the slot while it only sleeps or waits, and acquires one again before it continues
                         * @enum {string}
                         */
                        readonly holds?: "run" | "active";
                    };
                    readonly rateLimit?: {
                        /** @description Executions that start in `period`, evenly spaced */
                        readonly limit: number;
                        /**
                         * @description An ISO 8601 duration, or a short form such as `10s`
                         * @example PT10S
                         */
                        readonly period: string;
                        /** @description Executions that may start at once. Defaults to 1 */
                        readonly burst?: number;
                        /**
                         * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                         * @example /customer/id
                         */
                        readonly key?: string | readonly string[];
                        /**
                         * @description `delay` (default) queues the others, `reject` refuses them with status 429
                         * @enum {string}
                         */
                        readonly mode?: "delay" | "reject";
                    };
                    /** @description An execution starts once no further one with its key was started for `period`. The earlier ones end as `skipped` */
                    readonly debounce?: {
                        /**
                         * @description An ISO 8601 duration, or a short form such as `10s`
                         * @example PT10S
                         */
                        readonly period: string;
                        /**
                         * @description The longest delay since the first execution
                         * @example PT10S
                         */
                        readonly max?: string;
                        /**
                         * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                         * @example /customer/id
                         */
                        readonly key?: string | readonly string[];
                    };
                    /** @description At most one execution with the same key exists */
                    readonly singleton?: {
                        /**
                         * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                         * @example /customer/id
                         */
                        readonly key?: string | readonly string[];
                        /**
                         * @description `skip` (default) ends the new execution as `skipped`, `cancel-running` cancels the one that runs
                         * @enum {string}
                         */
                        readonly mode?: "skip" | "cancel-running";
                    };
                    /** @description One execution receives the payloads of up to `size` executions that were started within `period`, as an array. The others end as `skipped` */
                    readonly batch?: {
                        readonly size: number;
                        /**
                         * @description An ISO 8601 duration, or a short form such as `10s`
                         * @example PT10S
                         */
                        readonly period: string;
                        /**
                         * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                         * @example /customer/id
                         */
                        readonly key?: string | readonly string[];
                    };
                    /** @description Executions with a higher number start first */
                    readonly priority?: number | {
                        readonly key: string;
                    };
                    /** @description Limits that several workflows share, by name */
                    readonly limits?: readonly (string | {
                        readonly name: string;
                        /**
                         * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                         * @example /customer/id
                         */
                        readonly key?: string | readonly string[];
                    })[];
                };
            };
            /** @description True if the previous version has the same source */
            readonly unchanged: boolean;
            /** @description Unsupported features that the source uses, such as options of its `tsconfig.json` */
            readonly warnings?: readonly components["schemas"]["Diagnostic"][];
        };
        readonly Version: {
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * @description The number of a version: 1, 2, 3… in the order of the deploys
             * @example 3
             */
            readonly version: number;
            /**
             * @description Digest of the source: the same source has the same digest
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly digest: string;
            /**
             * @description Digest of the memory image that executions start from
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly imageDigest: string;
            /**
             * @description Digest of the engine that created the image and runs it
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly engineDigest: string;
            /**
             * @description Digest of the bundled source
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly bundleDigest: string;
            /** @description The protocol between the image and its host */
            readonly protocolVersion: number;
            /**
             * @description The language of the workflow. TypeScript is `javascript`
             * @enum {string}
             */
            readonly language: "javascript" | "python" | "wasm";
            readonly sizes: {
                readonly sourceBytes: number;
                readonly bundleBytes: number;
                /** @description Compressed size as stored */
                readonly imageBytes: number;
                /** @description Pages of 4 KiB that differ from the engine's */
                readonly imagePages: number;
            };
            readonly timings: {
                readonly bundleMs: number;
                readonly evaluateMs: number;
                readonly imageMs: number;
            };
            /** @description The name of the API key that deployed it */
            readonly deployedBy: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly deployedAt: string;
            /** @description The author's note: plain text */
            readonly note?: string;
            /** @description The exports `schedules` and `flow` of the source */
            readonly declarations?: {
                readonly schedules?: readonly {
                    /** @description The ID of the schedule is `<workflow ID>.<name>` */
                    readonly name: string;
                    readonly definition: {
                        readonly spec: components["schemas"]["ScheduleSpec"];
                        readonly entryPoint?: string;
                        readonly payload?: unknown;
                        /** @enum {string} */
                        readonly overlap?: "skip" | "buffer-one" | "buffer-all" | "cancel-running" | "allow";
                        readonly catchUp?: string;
                        readonly pauseOnFailure?: number;
                        readonly remaining?: number;
                        readonly note?: string;
                    };
                }[];
                readonly flow?: {
                    readonly concurrency?: {
                        /** @description Executions that run at the same time */
                        readonly total?: number;
                        /** @description Executions with the same key that run at the same time */
                        readonly perKey?: number;
                        /**
                         * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                         * @example /customer/id
                         */
                        readonly key?: string | readonly string[];
                        /**
                         * @description `run` (default): an execution holds its slot from start to end, also while it sleeps or waits. `active`: it releases the slot while it only sleeps or waits, and acquires one again before it continues
                         * @enum {string}
                         */
                        readonly holds?: "run" | "active";
                    };
                    readonly rateLimit?: {
                        /** @description Executions that start in `period`, evenly spaced */
                        readonly limit: number;
                        /**
                         * @description An ISO 8601 duration, or a short form such as `10s`
                         * @example PT10S
                         */
                        readonly period: string;
                        /** @description Executions that may start at once. Defaults to 1 */
                        readonly burst?: number;
                        /**
                         * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                         * @example /customer/id
                         */
                        readonly key?: string | readonly string[];
                        /**
                         * @description `delay` (default) queues the others, `reject` refuses them with status 429
                         * @enum {string}
                         */
                        readonly mode?: "delay" | "reject";
                    };
                    /** @description An execution starts once no further one with its key was started for `period`. The earlier ones end as `skipped` */
                    readonly debounce?: {
                        /**
                         * @description An ISO 8601 duration, or a short form such as `10s`
                         * @example PT10S
                         */
                        readonly period: string;
                        /**
                         * @description The longest delay since the first execution
                         * @example PT10S
                         */
                        readonly max?: string;
                        /**
                         * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                         * @example /customer/id
                         */
                        readonly key?: string | readonly string[];
                    };
                    /** @description At most one execution with the same key exists */
                    readonly singleton?: {
                        /**
                         * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                         * @example /customer/id
                         */
                        readonly key?: string | readonly string[];
                        /**
                         * @description `skip` (default) ends the new execution as `skipped`, `cancel-running` cancels the one that runs
                         * @enum {string}
                         */
                        readonly mode?: "skip" | "cancel-running";
                    };
                    /** @description One execution receives the payloads of up to `size` executions that were started within `period`, as an array. The others end as `skipped` */
                    readonly batch?: {
                        readonly size: number;
                        /**
                         * @description An ISO 8601 duration, or a short form such as `10s`
                         * @example PT10S
                         */
                        readonly period: string;
                        /**
                         * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                         * @example /customer/id
                         */
                        readonly key?: string | readonly string[];
                    };
                    /** @description Executions with a higher number start first */
                    readonly priority?: number | {
                        readonly key: string;
                    };
                    /** @description Limits that several workflows share, by name */
                    readonly limits?: readonly (string | {
                        readonly name: string;
                        /**
                         * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                         * @example /customer/id
                         */
                        readonly key?: string | readonly string[];
                    })[];
                };
            };
            /** @description True if this is the current version */
            readonly current: boolean;
        };
        readonly VersionWithSource: {
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * @description The number of a version: 1, 2, 3… in the order of the deploys
             * @example 3
             */
            readonly version: number;
            /**
             * @description Digest of the source: the same source has the same digest
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly digest: string;
            /**
             * @description Digest of the memory image that executions start from
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly imageDigest: string;
            /**
             * @description Digest of the engine that created the image and runs it
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly engineDigest: string;
            /**
             * @description Digest of the bundled source
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly bundleDigest: string;
            /** @description The protocol between the image and its host */
            readonly protocolVersion: number;
            /**
             * @description The language of the workflow. TypeScript is `javascript`
             * @enum {string}
             */
            readonly language: "javascript" | "python" | "wasm";
            readonly sizes: {
                readonly sourceBytes: number;
                readonly bundleBytes: number;
                /** @description Compressed size as stored */
                readonly imageBytes: number;
                /** @description Pages of 4 KiB that differ from the engine's */
                readonly imagePages: number;
            };
            readonly timings: {
                readonly bundleMs: number;
                readonly evaluateMs: number;
                readonly imageMs: number;
            };
            /** @description The name of the API key that deployed it */
            readonly deployedBy: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly deployedAt: string;
            /** @description The author's note: plain text */
            readonly note?: string;
            /** @description The exports `schedules` and `flow` of the source */
            readonly declarations?: {
                readonly schedules?: readonly {
                    /** @description The ID of the schedule is `<workflow ID>.<name>` */
                    readonly name: string;
                    readonly definition: {
                        readonly spec: components["schemas"]["ScheduleSpec"];
                        readonly entryPoint?: string;
                        readonly payload?: unknown;
                        /** @enum {string} */
                        readonly overlap?: "skip" | "buffer-one" | "buffer-all" | "cancel-running" | "allow";
                        readonly catchUp?: string;
                        readonly pauseOnFailure?: number;
                        readonly remaining?: number;
                        readonly note?: string;
                    };
                }[];
                readonly flow?: {
                    readonly concurrency?: {
                        /** @description Executions that run at the same time */
                        readonly total?: number;
                        /** @description Executions with the same key that run at the same time */
                        readonly perKey?: number;
                        /**
                         * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                         * @example /customer/id
                         */
                        readonly key?: string | readonly string[];
                        /**
                         * @description `run` (default): an execution holds its slot from start to end, also while it sleeps or waits. `active`: it releases the slot while it only sleeps or waits, and acquires one again before it continues
                         * @enum {string}
                         */
                        readonly holds?: "run" | "active";
                    };
                    readonly rateLimit?: {
                        /** @description Executions that start in `period`, evenly spaced */
                        readonly limit: number;
                        /**
                         * @description An ISO 8601 duration, or a short form such as `10s`
                         * @example PT10S
                         */
                        readonly period: string;
                        /** @description Executions that may start at once. Defaults to 1 */
                        readonly burst?: number;
                        /**
                         * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                         * @example /customer/id
                         */
                        readonly key?: string | readonly string[];
                        /**
                         * @description `delay` (default) queues the others, `reject` refuses them with status 429
                         * @enum {string}
                         */
                        readonly mode?: "delay" | "reject";
                    };
                    /** @description An execution starts once no further one with its key was started for `period`. The earlier ones end as `skipped` */
                    readonly debounce?: {
                        /**
                         * @description An ISO 8601 duration, or a short form such as `10s`
                         * @example PT10S
                         */
                        readonly period: string;
                        /**
                         * @description The longest delay since the first execution
                         * @example PT10S
                         */
                        readonly max?: string;
                        /**
                         * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                         * @example /customer/id
                         */
                        readonly key?: string | readonly string[];
                    };
                    /** @description At most one execution with the same key exists */
                    readonly singleton?: {
                        /**
                         * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                         * @example /customer/id
                         */
                        readonly key?: string | readonly string[];
                        /**
                         * @description `skip` (default) ends the new execution as `skipped`, `cancel-running` cancels the one that runs
                         * @enum {string}
                         */
                        readonly mode?: "skip" | "cancel-running";
                    };
                    /** @description One execution receives the payloads of up to `size` executions that were started within `period`, as an array. The others end as `skipped` */
                    readonly batch?: {
                        readonly size: number;
                        /**
                         * @description An ISO 8601 duration, or a short form such as `10s`
                         * @example PT10S
                         */
                        readonly period: string;
                        /**
                         * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                         * @example /customer/id
                         */
                        readonly key?: string | readonly string[];
                    };
                    /** @description Executions with a higher number start first */
                    readonly priority?: number | {
                        readonly key: string;
                    };
                    /** @description Limits that several workflows share, by name */
                    readonly limits?: readonly (string | {
                        readonly name: string;
                        /**
                         * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                         * @example /customer/id
                         */
                        readonly key?: string | readonly string[];
                    })[];
                };
            };
            /** @description True if this is the current version */
            readonly current: boolean;
            readonly source: {
                /**
                 * @description The file that exports `run`
                 * @example workflow.ts
                 */
                readonly entry: string;
                /** @description Contents by relative path */
                readonly files: {
                    readonly [key: string]: string;
                };
                /** @description Files that are not text, in base64 by relative path */
                readonly binaryFiles?: {
                    readonly [key: string]: string;
                };
                /**
                 * @description The language, if it does not follow from the extension of the entry
                 * @enum {string}
                 */
                readonly language?: "javascript" | "python" | "wasm";
                /** @description Packages of the installation, by their exact versions */
                readonly dependencies?: {
                    readonly [key: string]: string;
                };
                /** @description The requested packages, by name */
                readonly packages?: {
                    readonly [key: string]: string;
                };
                /** @description What `packages` was resolved to, by the folder of each package, as a response contained it. With it, the same files are used again */
                readonly packageLock?: {
                    readonly [key: string]: components["schemas"]["LockedPackage"];
                };
            };
        };
        /** @description A draft without its files */
        readonly DraftFacts: {
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly updatedAt: string;
            /**
             * @description The name of the API key that saved it
             * @example ci
             */
            readonly updatedBy: string;
        };
        /** @description Source of a workflow that is not deployed */
        readonly Draft: {
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly updatedAt: string;
            /**
             * @description The name of the API key that saved it
             * @example ci
             */
            readonly updatedBy: string;
            /** @description Contents by relative path */
            readonly files: {
                readonly [key: string]: string;
            };
            /** @description Files that are not text, in base64 by relative path. A workflow in WebAssembly has its module here */
            readonly binaryFiles?: {
                readonly [key: string]: string;
            };
            /**
             * @description The file that exports `run`
             * @example lib/tax.ts
             */
            readonly entry: string;
            /**
             * @description The language of the workflow. By default it follows from the extension of the entry
             * @enum {string}
             */
            readonly language?: "javascript" | "python" | "wasm";
            /** @description Packages of the installation (`DURANIUM_PACKAGES_DIR`) by name, each with its exact version */
            readonly dependencies?: {
                readonly [key: string]: string;
            };
            /** @description Packages by name, each with a version, a range, a tag, or `upload:` and the digest of an uploaded package. They are taken from the operator's packages folder if it has such a version, else from the operator's registry */
            readonly packages?: {
                readonly [key: string]: string;
            };
            /** @description What `packages` was resolved to, by the folder of each package, as a response contained it. With it, the same files are used again */
            readonly packageLock?: {
                readonly [key: string]: components["schemas"]["LockedPackage"];
            };
        };
        readonly FoundPackages: {
            readonly items: readonly {
                /**
                 * @description The name in its manifest
                 * @example zod
                 */
                readonly name: string;
                /**
                 * @description The installed version, or the latest one of the registry
                 * @example 4.6.7
                 */
                readonly version: string;
                readonly from: components["schemas"]["PackageOrigin"];
                readonly description?: string;
            }[];
            /** @description True if the operator has a packages folder */
            readonly folder: boolean;
            /**
             * Format: uri
             * @description The registry that the operator configured
             */
            readonly registry?: string;
            /** @description Why the registry was not searched, as a sentence */
            readonly registryProblem?: string;
        };
        readonly StoredPackage: {
            /**
             * @description The name in its manifest
             * @example zod
             */
            readonly name: string;
            /** @example 4.6.7 */
            readonly version: string;
            /**
             * @description The digest of its files
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly digest: string;
            /** @description The digest of the tarball, as in `package-lock.json` */
            readonly integrity?: string;
            /** @description The number of files that can be imported */
            readonly files: number;
            /** @description The size of these files */
            readonly bytes: number;
        };
        readonly ResolvedPackages: {
            /** @description What `packages` was resolved to, by the folder of each package, as a response contained it. With it, the same files are used again */
            readonly packageLock: {
                readonly [key: string]: components["schemas"]["LockedPackage"];
            };
            readonly packages: readonly components["schemas"]["StoredPackage"][];
        };
        /** @description Contents by path in the package */
        readonly PackageFiles: {
            readonly [key: string]: string;
        };
        readonly EndedExecution: {
            /**
             * @description The ID of an execution, which is Restate's invocation ID
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly executionId: string;
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * @description Absent until the execution has started
             * @example 3
             */
            readonly version?: number;
            /**
             * @description A name that the workflow reads from `ctx.entryPoint`
             * @example order-created
             */
            readonly entryPoint?: string;
            readonly status: components["schemas"]["ExecutionStatus"];
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly modifiedAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly completedAt?: string;
            /** @description Tags that the caller gave it, and those that the workflow set */
            readonly tags?: readonly string[];
            /**
             * Format: date-time
             * @description When it starts, if it is scheduled for a later time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly scheduledAt?: string;
            /**
             * @description The ID that it had before it was scheduled for another time, if that changed its ID. Requests with that ID act on this execution
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly movedFrom?: string;
            /** @description The return value of the workflow: any JSON */
            readonly result?: unknown;
            /** @description Present if the status is `failed`, `cancelled` or `skipped` */
            readonly failure?: components["schemas"]["Failure"];
        };
        /** @description Why it failed. `cause` is the cause of the error, nested at most 5 levels; `errors` has the first 10 errors of an `AggregateError` */
        readonly Failure: {
            /** @example TypeError */
            readonly name: string;
            readonly message: string;
            /** @description A stable code, if there is one */
            readonly code?: string;
            /** @description Frames in the author's files, one per line */
            readonly stack?: string;
            readonly cause?: components["schemas"]["Failure"];
            readonly errors?: readonly components["schemas"]["Failure"][];
        };
        readonly StartedExecution: {
            /**
             * @description The ID of an execution, which is Restate's invocation ID
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly executionId: string;
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            readonly status: components["schemas"]["ExecutionStatus"];
        };
        readonly ExecutionSummary: {
            /**
             * @description The ID of an execution, which is Restate's invocation ID
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly executionId: string;
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * @description Absent until the execution has started
             * @example 3
             */
            readonly version?: number;
            /**
             * @description A name that the workflow reads from `ctx.entryPoint`
             * @example order-created
             */
            readonly entryPoint?: string;
            readonly status: components["schemas"]["ExecutionStatus"];
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly modifiedAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly completedAt?: string;
            /** @description Tags that the caller gave it, and those that the workflow set */
            readonly tags?: readonly string[];
            /**
             * Format: date-time
             * @description When it starts, if it is scheduled for a later time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly scheduledAt?: string;
            /**
             * @description The ID that it had before it was scheduled for another time, if that changed its ID. Requests with that ID act on this execution
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly movedFrom?: string;
            readonly failure?: components["schemas"]["FailureSummary"];
        };
        /** @description Why it failed or was cancelled, or why its last attempt failed while the status is `retrying` or `paused`. The message is limited to 300 characters; `getExecution` has all of it and the stack */
        readonly FailureSummary: {
            /** @example TypeError */
            readonly name: string;
            readonly message: string;
        };
        readonly ExecutionCount: {
            readonly count: number;
            /** @description False if there may be more: a field of the payload is compared in the newest executions only */
            readonly isExact: boolean;
        };
        readonly OperatedExecutions: {
            readonly items: readonly {
                /**
                 * @description The ID of an execution, which is Restate's invocation ID
                 * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
                 */
                readonly executionId: string;
                /** @description Why the action was refused */
                readonly error?: {
                    readonly code: string;
                    readonly detail: string;
                };
            }[];
            /** @description Continues with the executions after these */
            readonly cursor?: string;
        };
        readonly ForkedExecution: {
            /**
             * @description The fork; absent for a dry run
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly executionId?: string;
            /**
             * @description The number of a version: 1, 2, 3… in the order of the deploys
             * @example 3
             */
            readonly version: number;
        };
        readonly ForkedExecutions: {
            readonly items: readonly {
                /**
                 * @description The ID of an execution, which is Restate's invocation ID
                 * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
                 */
                readonly executionId: string;
                /**
                 * @description Absent for a dry run
                 * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
                 */
                readonly forkExecutionId?: string;
                /** @description Why it was not forked, or would not be */
                readonly error?: {
                    readonly code: string;
                    readonly detail: string;
                };
            }[];
        };
        readonly Execution: {
            /**
             * @description The ID of an execution, which is Restate's invocation ID
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly executionId: string;
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * @description Absent until the execution has started
             * @example 3
             */
            readonly version?: number;
            /**
             * @description A name that the workflow reads from `ctx.entryPoint`
             * @example order-created
             */
            readonly entryPoint?: string;
            readonly status: components["schemas"]["ExecutionStatus"];
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly modifiedAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly completedAt?: string;
            /** @description Tags that the caller gave it, and those that the workflow set */
            readonly tags?: readonly string[];
            /**
             * Format: date-time
             * @description When it starts, if it is scheduled for a later time
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly scheduledAt?: string;
            /**
             * @description The ID that it had before it was scheduled for another time, if that changed its ID. Requests with that ID act on this execution
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly movedFrom?: string;
            /** @description Absent if it was not started through the API; for a retry, the caller of the first execution */
            readonly caller?: components["schemas"]["Caller"];
            /** @description The scheduled run, if a schedule started the execution */
            readonly schedule?: {
                /** @description The ID of the schedule */
                readonly id: string;
                /**
                 * Format: date-time
                 * @description The nominal instant of the run
                 */
                readonly scheduledAt: string;
                /**
                 * Format: date-time
                 * @description The nominal instant of the previous run
                 */
                readonly previousAt?: string;
            };
            /** @description The execution that called or sent it */
            readonly parent?: components["schemas"]["RelatedExecution"];
            /** @description The executions that it called or sent */
            readonly children: readonly components["schemas"]["RelatedExecution"][];
            /**
             * @description The execution that it retries
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly retryOf?: string;
            /** @description Its retries, newest first */
            readonly retries: readonly string[];
            /**
             * @description The execution whose results it began with
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly forkOf?: string;
            /** @description Its forks, newest first */
            readonly forks?: readonly string[];
            /** @description The payload: any JSON */
            readonly input: unknown;
            /** @description The return value of the workflow: any JSON */
            readonly result?: unknown;
            /** @description Present if the status is `failed`, `cancelled` or `skipped` */
            readonly failure?: components["schemas"]["Failure"];
            /** @description Why the last attempt failed, while the status is `retrying` or `paused` */
            readonly lastFailure?: components["schemas"]["AttemptFailure"];
            /** @description Where it waits and what holds it back, while the status is `queued`, or `paused` and it was resumed */
            readonly queue?: components["schemas"]["QueuePosition"];
            /**
             * @description What it waits for, as human-readable text. While it runs, this may include operations that the workflow has abandoned
             * @example [
             *       "event \"approved\" until 2026-01-31T09:30:00.000Z",
             *       "call order-sync"
             *     ]
             */
            readonly waitingFor: readonly string[];
            /** @description 1 if no attempt failed */
            readonly attempts: number;
            /**
             * @description What it has computed, in units of fuel. Known a moment after it has ended; absent where it was killed, or where the executor was just then
             * @example 412000
             */
            readonly fuelUsed?: number;
            readonly steps: readonly components["schemas"]["Step"][];
        };
        /** @description The API key that started the execution */
        readonly Caller: {
            readonly id: string;
            /** @example ci */
            readonly name: string;
        };
        readonly RelatedExecution: {
            /**
             * @description The ID of an execution, which is Restate's invocation ID
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly executionId: string;
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
        };
        /** @description Why an attempt failed */
        readonly AttemptFailure: {
            /** @example TypeError */
            readonly name: string;
            readonly message: string;
            /** @description A stable code, if there is one */
            readonly code?: string;
            /** @description Frames in the author's files, one per line */
            readonly stack?: string;
            readonly hint: string;
            /** @description Attempts so far */
            readonly attempts: number;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly nextAttemptAt?: string;
        };
        readonly QueuePosition: {
            /**
             * @description `workflow:<workflow ID>`, `shared:<name>` or `host:<host>`
             * @example workflow:order-sync
             */
            readonly queue: string;
            /** @description The key of the execution in the limit */
            readonly key?: string;
            /**
             * @description What it waits for
             * @enum {string}
             */
            readonly stage: "debounce" | "singleton" | "batch" | "slot";
            /** @description Its place among the executions with the same key and priority: 1 starts next */
            readonly position?: number;
            /** @description The executions that hold the slots; some of them if there are many */
            readonly blockedBy: readonly string[];
            /**
             * @description What holds it back, for people
             * @example 3 of 3 slots for "42" are taken
             */
            readonly reason: string;
        };
        /** @description A journaled operation of an execution */
        readonly Step: {
            /** @description Position in Restate's journal */
            readonly index: number;
            /** @example fetch */
            readonly operation: string;
            /** @example fetch GET https://api.example.com/orders */
            readonly name: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly startedAt?: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly endedAt?: string;
            /**
             * @description `abandoned`: it had no result when its execution ended, and will not get one
             * @enum {string}
             */
            readonly outcome: "pending" | "succeeded" | "failed" | "abandoned";
            /**
             * @description The result was reused from the execution that this one retries; the operation was not repeated
             * @constant
             */
            readonly reused?: true;
            /** @description Number of attempts, if there was more than one: a `fetch` with `retry` */
            readonly attempts?: number;
            /** @description The attempts in order */
            readonly attemptHistory?: readonly components["schemas"]["FetchAttempt"][];
            /** @description The request of a `fetch`; absent until it has ended, and if its result is too large to show */
            readonly request?: components["schemas"]["RequestRecord"];
            /**
             * Format: date-time
             * @description When a sleep or a timer ends
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly wakesAt?: string;
            /**
             * @description The host and its limits, while a `fetch` waits for them (`egress.rate`)
             * @example api.example.com: 10 per second
             */
            readonly waitsForHost?: string;
            /** @description The execution that it called or sent */
            readonly child?: components["schemas"]["RelatedExecution"];
            /** @description Status of the response to a `fetch`, even if the response is too large to show */
            readonly httpStatus?: number;
            /** @description Size of its result in the journal; of a `fetch`, headers and body */
            readonly resultBytes?: number;
            /** @description The journaled result, if it is small enough; `getStep` has larger ones too */
            readonly result?: unknown;
            readonly error?: components["schemas"]["Failure"];
        };
        /** @description One attempt at a `fetch` with `retry` */
        readonly FetchAttempt: {
            readonly durationMs: number;
            /** @description Status of the response */
            readonly status?: number;
            /** @description Why there was no response */
            readonly error?: string;
            /** @description Wait after this attempt; absent for the last one */
            readonly waitMs?: number;
        };
        /** @description A request, with names of secrets in place of their values */
        readonly RequestRecord: {
            readonly method: string;
            /** @example https://api.example.com/orders?key=secret_API_KEY */
            readonly url: string;
            /** @description As the workflow sent them: at most 64, of 1,024 characters each */
            readonly headers: readonly (readonly [
                string,
                string
            ])[];
            /** @description The size of the whole body */
            readonly bodyBytes: number;
            /** @description The first 16 KiB of the body; absent if there is none or it is not text */
            readonly body?: string;
        };
        /** @description Everything that an execution received: its workflow can be run again on it without side effects */
        readonly Recording: {
            /** @constant */
            readonly format: "duranium-recording/1";
            readonly workflowId: string;
            readonly version: number;
            /** @description The digest of the engine of the version */
            readonly engineDigest?: string;
            readonly executionId: string;
            /** @description Milliseconds since the Unix epoch */
            readonly recordedAt: number;
            readonly start: components["schemas"]["RecordedStart"];
            readonly payload: unknown;
            /** @description The text of the payload, if it is not `JSON.stringify(payload)`: reading it uses fuel */
            readonly payloadText?: string;
            readonly calls: readonly components["schemas"]["RecordedCall"][];
            readonly signals: readonly components["schemas"]["RecordedSignal"][];
            readonly arrivals: readonly components["schemas"]["Arrival"][];
            /** @description The calls whose results were delivered, in order; null for anything else, such as the cancellation. Absent together with the arguments of the calls */
            readonly deliveries?: readonly (number | null)[];
            readonly logs: readonly components["schemas"]["RecordedLogLine"][];
            /** @description Absent while the execution is in progress */
            readonly outcome?: components["schemas"]["RecordedOutcome"];
            readonly fuelUsed?: number;
            /** @description Set if values were redacted */
            readonly redacted?: components["schemas"]["AppliedRedaction"];
        };
        /** @description What the workflow knows from its start */
        readonly RecordedStart: {
            /** @description The ID that the workflow sees. A retry from the failed step has that of the execution that it retries */
            readonly executionId: string;
            /** @description The source of its random numbers */
            readonly seed: string;
            /** @description When it started, or flow control let it run */
            readonly now: number;
            /** @description The prefix of the URLs of its callbacks. If it has created none, these complete no callback of an execution that is forked from it */
            readonly callbackUrl: string;
            readonly entryPoint?: string;
            readonly schedule?: {
                readonly id: string;
                readonly scheduledAt: string;
                readonly previousAt?: string;
            };
            /** @description The limits that differ from the defaults */
            readonly limits?: {
                readonly turnFuel?: number;
                readonly executionFuel?: number;
                readonly memoryPages?: number;
                readonly callsInFlight?: number;
                readonly resultBytes?: number;
                readonly payloadBytes?: number;
                readonly calls?: number;
                readonly fetchRequestBytes?: number;
                readonly fetchResponseBytes?: number;
                readonly stateValueBytes?: number;
                readonly logLineBytes?: number;
                readonly logBytes?: number;
                readonly journalBytes?: number;
            };
        };
        /** @description A call of the workflow to its host */
        readonly RecordedCall: {
            /**
             * @description The name of its journal entry
             * @example fetch GET https://api.example.com/orders
             */
            readonly name: string;
            /** @example fetch */
            readonly operation: string;
            /** @description What the workflow passed to the host */
            readonly arguments?: unknown;
            readonly body?: components["schemas"]["RecordedBody"];
            /** @description Where the workflow made the call, innermost first */
            readonly stack?: readonly components["schemas"]["CallSite"][];
            /** @description The number of results that had been delivered when the call was made */
            readonly turn?: number;
            /** @description Absent for a wait, whose result is a signal, and if no result arrived */
            readonly result?: components["schemas"]["RecordedResult"] | components["schemas"]["OmittedResult"];
        };
        /** @description The body of a request */
        readonly RecordedBody: {
            readonly sha256: string;
            readonly bytes: number;
            /** @description Absent if the body is large or not text */
            readonly text?: string;
        };
        /** @description A place in a file of the workflow. Line and column count from 1 */
        readonly CallSite: {
            readonly function?: string;
            /** @example workflow.ts */
            readonly file: string;
            readonly line: number;
            readonly column: number;
        };
        /** @description A result as the journal has it, with its body uncompressed */
        readonly RecordedResult: {
            readonly value: unknown;
        };
        /** @description A result that the recording does not contain */
        readonly OmittedResult: {
            /** @enum {string} */
            readonly omitted: "too-large" | "purged";
            /** @description The size of the result */
            readonly bytes?: number;
        };
        /** @description An event, or the request to a callback, and when it arrived */
        readonly RecordedSignal: {
            /**
             * @example event approved 0
             * @example callback 0
             */
            readonly name: string;
            readonly result: components["schemas"]["RecordedResult"] | components["schemas"]["OmittedResult"];
        };
        /** @description Something that the execution received */
        readonly Arrival: {
            /** @description The position of a call in `calls` */
            readonly call: number;
            /**
             * @description Set if it is from the execution that this one retries or is forked from
             * @constant
             */
            readonly reused?: true;
        } | {
            readonly signal: string;
            /**
             * @description Set if it is from the execution that this one retries or is forked from
             * @constant
             */
            readonly reused?: true;
        } | {
            /** @description The position of a call in `calls` */
            readonly slot: number;
        } | {
            /** @description Milliseconds since the Unix epoch */
            readonly clock: number;
            /** @description The position of a call in `calls` */
            readonly after?: number;
        } | {
            /** @constant */
            readonly cancellation: true;
        } | {
            /** @description Milliseconds since the Unix epoch */
            readonly cancelledAt: number;
        } | {
            readonly timer: string;
        } | {
            /** @description The position of a call in `calls` */
            readonly invocation: number;
        } | {
            /** @enum {string} */
            readonly barrier: "started" | "slots";
        };
        /** @description A console line */
        readonly RecordedLogLine: {
            readonly number: number;
            /** @enum {string} */
            readonly level: "debug" | "info" | "warn" | "error";
            readonly line: readonly unknown[];
            /** @description The number of results that had been delivered when the line was written */
            readonly turn?: number;
        };
        /** @description How the execution ended */
        readonly RecordedOutcome: {
            /** @constant */
            readonly kind: "completed";
            readonly result: unknown;
        } | {
            /** @constant */
            readonly kind: "failed";
            readonly failure: components["schemas"]["RecordedFailure"];
        } | {
            /** @constant */
            readonly kind: "cancelled";
        };
        /** @description Why the execution failed */
        readonly RecordedFailure: {
            readonly name: string;
            readonly message: string;
            readonly code?: string;
            readonly stack?: string;
            readonly cause?: components["schemas"]["RecordedFailure"];
            readonly errors?: readonly components["schemas"]["RecordedFailure"][];
        };
        /** @description The rules by which values were redacted */
        readonly AppliedRedaction: {
            /** @enum {string} */
            readonly marker: "__REDACTED__" | "__REDACTED_2__";
            readonly headers: readonly string[];
            readonly body: readonly string[];
        };
        readonly OpenCallbacks: {
            readonly items: readonly {
                /** @description 0, 1, 2… in the order in which they were created */
                readonly callback: number;
                /** @description Any client that has the URL can complete the callback, once */
                readonly url: string;
                /**
                 * Format: date-time
                 * @description A time with its zone (RFC 3339); in responses in UTC
                 * @example 2026-01-31T09:30:00.000Z
                 */
                readonly createdAt?: string;
            }[];
        };
        readonly ExecutionReference: {
            /**
             * @description The ID of an execution, which is Restate's invocation ID
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly executionId: string;
        };
        readonly RetriedExecutions: {
            readonly items: readonly {
                /**
                 * @description The ended execution
                 * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
                 */
                readonly executionId: string;
                /**
                 * @description The new execution
                 * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
                 */
                readonly retryExecutionId?: string;
                /** @description Why it was not retried */
                readonly error?: {
                    readonly code: string;
                    readonly detail: string;
                };
            }[];
        };
        readonly SentEvent: {
            /**
             * @description The ID of an execution, which is Restate's invocation ID
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly executionId: string;
            readonly event: string;
        };
        /** @description A check of a candidate against recordings, with its progress */
        readonly ReplayCheck: {
            /** @example chk_0123456789abcdef01234567 */
            readonly id: string;
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * @description `failed`: the candidate does not compile, or the check could not continue
             * @enum {string}
             */
            readonly status: "running" | "completed" | "cancelled" | "failed";
            /** @description The name of the API key */
            readonly requestedBy: string;
            /** @description The digest of the candidate's source, as of a version */
            readonly sourceDigest?: string;
            /** @description The number of latest executions that were selected. Absent if only certain ones were selected */
            readonly latest?: number;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly endedAt?: string;
            /** @description The number of recordings, once they are selected */
            readonly total?: number;
            readonly done: number;
            readonly summary: components["schemas"]["ReplaySummary"];
            /** @description Of those, the executions that failed, and that the candidate gets past */
            readonly fixed?: components["schemas"]["ReplaySummary"];
            readonly problem?: {
                readonly code: string;
                readonly detail: string;
                readonly diagnostics?: readonly components["schemas"]["Diagnostic"][];
            };
            readonly items: readonly components["schemas"]["ReplayItem"][];
        };
        /** @description The number of executions by outcome */
        readonly ReplaySummary: {
            readonly same: number;
            readonly otherResult: number;
            readonly different: number;
            readonly asksForMore: number;
            readonly endsEarlier: number;
            readonly throws: number;
            readonly notComparable: number;
        };
        /** @description What the candidate does on the recording of one execution */
        readonly ReplayItem: {
            readonly executionId: string;
            readonly outcome: components["schemas"]["ReplayOutcome"];
            /** @description The position of the call at which the candidate leaves the recording, from 0 */
            readonly step?: number;
            readonly expected?: components["schemas"]["ReplayedCall"];
            readonly actual?: components["schemas"]["ReplayedCall"];
            /** @description What the candidate throws */
            readonly failure?: components["schemas"]["RecordedFailure"];
            /** @description Where the call is made, or the error is thrown. Of `endsEarlier`, where the recorded version made the call */
            readonly place?: components["schemas"]["CallSite"];
            readonly differences?: readonly components["schemas"]["ReplayDifference"][];
            /** @description Instructions, if the candidate uses at least 30 % more */
            readonly fuel?: {
                readonly before: number;
                readonly after: number;
            };
            /**
             * @description The recorded execution failed, and the candidate gets past that
             * @constant
             */
            readonly fixed?: true;
            /** @description Why it is not comparable */
            readonly reason?: string;
        };
        readonly ReplayedCall: {
            /** @example fetch POST https://api.example.com/charges */
            readonly name: string;
            readonly operation: string;
            readonly arguments?: unknown;
            readonly body?: components["schemas"]["RecordedBody"];
        };
        /** @description A difference between the results */
        readonly ReplayDifference: {
            /**
             * @description A JSON Pointer; empty for the whole result
             * @example /total
             */
            readonly path: string;
            readonly before?: unknown;
            readonly after?: unknown;
        };
        readonly ReplayCheckSummary: {
            /** @example chk_0123456789abcdef01234567 */
            readonly id: string;
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * @description `failed`: the candidate does not compile, or the check could not continue
             * @enum {string}
             */
            readonly status: "running" | "completed" | "cancelled" | "failed";
            /** @description The name of the API key */
            readonly requestedBy: string;
            /** @description The digest of the candidate's source, as of a version */
            readonly sourceDigest?: string;
            /** @description The number of latest executions that were selected. Absent if only certain ones were selected */
            readonly latest?: number;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly endedAt?: string;
            /** @description The number of recordings, once they are selected */
            readonly total?: number;
            readonly done: number;
            readonly summary: components["schemas"]["ReplaySummary"];
            /** @description Of those, the executions that failed, and that the candidate gets past */
            readonly fixed?: components["schemas"]["ReplaySummary"];
            readonly problem?: {
                readonly code: string;
                readonly detail: string;
                readonly diagnostics?: readonly components["schemas"]["Diagnostic"][];
            };
        };
        readonly FailureGroup: {
            /**
             * @description The ID of the cause
             * @example 9f86d081884c7d65
             */
            readonly failureId: string;
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /** @example workflow-failed */
            readonly code: string;
            /** @example TypeError */
            readonly name: string;
            /** @description The message of the latest execution, shortened */
            readonly message: string;
            /** @description The innermost frame in the author's files */
            readonly at?: {
                readonly file: string;
                readonly line: number;
            };
            /** @description The number of retained executions that failed for this cause */
            readonly count: number;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly firstSeen: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly lastSeen: string;
            /** @description The versions that failed */
            readonly versions: readonly number[];
            /**
             * @description The latest of these executions
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly sample: string;
            /** @description The latest of these executions, newest first */
            readonly lastExecutions: readonly string[];
        };
        readonly AlertRule: {
            readonly ruleId: string;
            readonly name?: string;
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflow?: string;
            readonly enabled: boolean;
            /** @description When the rule opens an incident for a workflow. `first-failure` and `failures-in-a-row` close it when an execution completes, `failure-rate` when the rate falls, the others when no execution meets them. `recovered` alerts only when a workflow completes after it failed. `waiting-longer` is about executions that are due and not started, or that wait for a callback or an event; `paused` about those that were paused because of a failure. */
            readonly on: {
                /** @enum {string} */
                readonly kind: "first-failure" | "recovered" | "paused" | "schedule-missed" | "not-deterministic";
            } | {
                /** @constant */
                readonly kind: "failures-in-a-row";
                readonly count: number;
            } | {
                /** @constant */
                readonly kind: "failure-rate";
                readonly percent: number;
                readonly window: string;
                readonly minRuns: number;
            } | {
                /** @enum {string} */
                readonly kind: "running-longer" | "waiting-longer";
                readonly than: string;
            };
            readonly channels: readonly ({
                /** @constant */
                readonly kind: "webhook";
                readonly url: string;
                /** @constant */
                readonly hasSecret: true;
                /** @description Shown only when it was generated */
                readonly secret?: string;
            } | {
                /** @constant */
                readonly kind: "email";
                readonly to: readonly string[];
            } | {
                /** @constant */
                readonly kind: "slack";
                /** @description The last part is masked */
                readonly url: string;
            } | {
                /** @constant */
                readonly kind: "workflow";
                /**
                 * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
                 * @example order-sync
                 */
                readonly workflow: string;
                /**
                 * @description A name that the workflow reads from `ctx.entryPoint`
                 * @example order-created
                 */
                readonly entryPoint?: string;
            })[];
            readonly recovery: boolean;
            /**
             * @description A duration of ISO 8601
             * @example PT10M
             */
            readonly quiet: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly updatedAt: string;
            /** @description The name of the API key */
            readonly updatedBy: string;
            /** @description The number of workflows that meet the condition now */
            readonly openIncidents: number;
        };
        readonly CreatedAlert: {
            readonly alertId: string;
        };
        readonly Alert: {
            readonly alertId: string;
            readonly ruleId: string;
            readonly ruleName: string;
            /** @enum {string} */
            readonly kind: "opened" | "recovered" | "test";
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            readonly incidents: readonly {
                /**
                 * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
                 * @example order-sync
                 */
                readonly workflowId: string;
                /** @example 3 failures in a row: TypeError: x is not a function (orders.ts:12) */
                readonly summary: string;
                /** @description The number of failures, or of the executions that meet the condition */
                readonly count: number;
                /**
                 * Format: date-time
                 * @description A time with its zone (RFC 3339); in responses in UTC
                 * @example 2026-01-31T09:30:00.000Z
                 */
                readonly openedAt: string;
                /**
                 * Format: date-time
                 * @description A time with its zone (RFC 3339); in responses in UTC
                 * @example 2026-01-31T09:30:00.000Z
                 */
                readonly closedAt?: string;
                /**
                 * Format: date-time
                 * @description A time with its zone (RFC 3339); in responses in UTC
                 * @example 2026-01-31T09:30:00.000Z
                 */
                readonly lastAt: string;
                /**
                 * @description The ID of an execution, which is Restate's invocation ID
                 * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
                 */
                readonly executionId?: string;
                readonly failureId?: string;
            }[];
            readonly deliveries: readonly components["schemas"]["AlertDelivery"][];
        };
        readonly AlertDelivery: {
            readonly deliveryId: number;
            /** @enum {string} */
            readonly channel: "webhook" | "email" | "slack" | "workflow";
            /** @description The destination without its secrets */
            readonly target: string;
            /** @enum {string} */
            readonly state: "pending" | "delivered" | "failed";
            readonly attempts: number;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly nextAttemptAt?: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly deliveredAt?: string;
            /** @description Why the last attempt failed */
            readonly error?: string;
            /**
             * @description The execution of a workflow channel
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly executionId?: string;
        };
        readonly AlertIncident: {
            readonly ruleId: string;
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /** @example 3 failures in a row: TypeError: x is not a function (orders.ts:12) */
            readonly summary: string;
            /** @description The number of failures, or of the executions that meet the condition */
            readonly count: number;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly openedAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly closedAt?: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly lastAt: string;
            /**
             * @description The ID of an execution, which is Restate's invocation ID
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly executionId?: string;
            readonly failureId?: string;
        };
        readonly Overview: {
            /** @enum {string} */
            readonly window: "PT1H" | "PT24H" | "P7D";
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly from: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly to: string;
            readonly slotMs: number;
            readonly health: {
                /** @enum {string} */
                readonly status: "ok" | "warning" | "critical";
                readonly problems: readonly {
                    /** @enum {string} */
                    readonly severity: "warning" | "critical";
                    readonly message: string;
                    /**
                     * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
                     * @example order-sync
                     */
                    readonly workflowId?: string;
                }[];
            };
            /** @description Executions that ended within the window */
            readonly runs: {
                readonly completed: number;
                readonly failed: number;
                readonly cancelled: number;
                /** @description Executions that flow control ended before they ran */
                readonly skipped: number;
                /** @description Failed among completed and failed executions, from 0 to 1; null without any */
                readonly failureRate: number | null;
                /** @description Median time from start to end, waiting included */
                readonly p50Ms?: number;
                readonly p95Ms?: number;
            };
            /** @description The same for each slot of `slotMs` */
            readonly slots: readonly {
                /**
                 * Format: date-time
                 * @description A time with its zone (RFC 3339); in responses in UTC
                 * @example 2026-01-31T09:30:00.000Z
                 */
                readonly at: string;
                readonly completed: number;
                readonly failed: number;
                readonly cancelled: number;
                /** @description Executions that flow control ended before they ran */
                readonly skipped: number;
                /** @description Failed among completed and failed executions, from 0 to 1; null without any */
                readonly failureRate: number | null;
                /** @description Median time from start to end, waiting included */
                readonly p50Ms?: number;
                readonly p95Ms?: number;
            }[];
            /** @description Executions that have not ended, by status */
            readonly current: {
                readonly scheduled: number;
                readonly queued: number;
                readonly running: number;
                readonly suspended: number;
                readonly retrying: number;
                readonly paused: number;
            };
            /** @description Suspended executions that wait for a callback or an event */
            readonly waiting: {
                readonly callbacks: number;
                readonly events: number;
            };
            /** @description The executions that hold slots and that wait, in all queues; and the queues in which some wait or that are stopped, the longest first, 10 at most */
            readonly queues: {
                readonly running: number;
                readonly queued: number;
                readonly items: readonly components["schemas"]["Queue"][];
            };
            /** @description The schedules that run next, 10 at most */
            readonly schedules: readonly {
                /** @description The ID of the schedule */
                readonly id: string;
                /**
                 * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
                 * @example order-sync
                 */
                readonly workflowId: string;
                /**
                 * Format: date-time
                 * @description A time with its zone (RFC 3339); in responses in UTC
                 * @example 2026-01-31T09:30:00.000Z
                 */
                readonly at: string;
            }[];
            /** @description Workflows with failures within the window, most failures first, 10 at most */
            readonly failing: readonly {
                /**
                 * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
                 * @example order-sync
                 */
                readonly workflowId: string;
                readonly completed: number;
                readonly failed: number;
                readonly failureRate: number;
                /** @description Absent if its execution was deleted */
                readonly lastFailure?: {
                    /**
                     * @description The ID of an execution, which is Restate's invocation ID
                     * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
                     */
                    readonly executionId: string;
                    readonly failureId: string;
                    /**
                     * Format: date-time
                     * @description A time with its zone (RFC 3339); in responses in UTC
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly endedAt: string;
                    readonly name: string;
                    readonly message: string;
                };
            }[];
            /** @description Open incidents of alerts, 20 at most */
            readonly incidents: readonly components["schemas"]["AlertIncident"][];
            /** @description The latest deploys, 10 at most */
            readonly deploys: readonly {
                /**
                 * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
                 * @example order-sync
                 */
                readonly workflowId: string;
                /**
                 * @description The number of a version: 1, 2, 3… in the order of the deploys
                 * @example 3
                 */
                readonly version: number;
                /**
                 * Format: date-time
                 * @description A time with its zone (RFC 3339); in responses in UTC
                 * @example 2026-01-31T09:30:00.000Z
                 */
                readonly deployedAt: string;
                readonly deployedBy: string;
                readonly note?: string;
            }[];
        };
        readonly Queue: {
            /**
             * @description `workflow:<workflow ID>`, `shared:<name>` or `host:<host>`
             * @example workflow:order-sync
             */
            readonly id: string;
            /** @description The limits in force, with an override */
            readonly limits: components["schemas"]["QueueLimits"];
            /** @description The limits that an operator has overridden */
            readonly override?: components["schemas"]["QueueLimits"];
            /** @description Present while nothing starts */
            readonly paused?: components["schemas"]["OperatorNote"];
            /** @description Present while the workflow is paused: nothing starts until the workflow is resumed */
            readonly workflowPaused?: components["schemas"]["OperatorNote"];
            /** @description Present while only what waited at that time starts; the queue is paused afterwards */
            readonly draining?: components["schemas"]["OperatorNote"];
            /**
             * Format: date-time
             * @description Nothing starts before: a host asked for it
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly heldUntil?: string;
            /** @description Executions that hold a slot */
            readonly running: number;
            /** @description Executions that wait */
            readonly queued: number;
        };
        readonly QueueRate: {
            readonly limit: number;
            readonly periodMs: number;
            readonly burst: number;
            /**
             * @description Further executions are refused
             * @constant
             */
            readonly rejects?: true;
        };
        readonly QueueLimits: {
            /** @description Slots in total */
            readonly total?: number;
            /** @description Slots for each key */
            readonly perKey?: number;
            readonly rate?: components["schemas"]["QueueRate"];
            readonly debounce?: {
                readonly periodMs: number;
                readonly maxMs?: number;
            };
            /** @enum {string} */
            readonly singleton?: "skip" | "cancel-running";
            readonly batch?: {
                readonly size: number;
                readonly periodMs: number;
            };
        };
        /** @description When an operator did it, the API key, and its note */
        readonly OperatorNote: {
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly at: string;
            readonly by?: string;
            readonly note?: string;
        };
        readonly Schedule: {
            /** @example nightly-report */
            readonly id: string;
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            readonly entryPoint?: string;
            /** @description Absent in lists */
            readonly payload?: unknown;
            /**
             * @description By default the current version at the time
             * @example 3
             */
            readonly version?: number;
            readonly spec: components["schemas"]["ScheduleSpec"];
            /**
             * @description What happens at an instant while an earlier run is in progress: `skip` it, let one (`buffer-one`) or all (`buffer-all`) wait, cancel the running one (`cancel-running`), or run both (`allow`)
             * @enum {string}
             */
            readonly overlap: "skip" | "buffer-one" | "buffer-all" | "cancel-running" | "allow";
            /** @description How far back missed instants are run */
            readonly catchUp: string;
            readonly pauseOnFailure?: number;
            /** @description The runs that are left */
            readonly remaining?: number;
            readonly note?: string;
            /** @description A schedule that a version declares is changed by deploys only */
            readonly managedBy: "api" | {
                readonly workflow: string;
                /**
                 * @description The number of a version: 1, 2, 3… in the order of the deploys
                 * @example 3
                 */
                readonly version: number;
            };
            /** @description `by` is the name of an API key, or `pauseOnFailure` */
            readonly paused?: {
                /**
                 * Format: date-time
                 * @description A time with its zone (RFC 3339); in responses in UTC
                 * @example 2026-01-31T09:30:00.000Z
                 */
                readonly at: string;
                readonly by: string;
                readonly note?: string;
            };
            /** @description Incremented by each change of the definition */
            readonly revision: number;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly updatedAt: string;
            readonly info: {
                /** @description The next runs: up to ten, in a list one */
                readonly next: readonly {
                    /**
                     * Format: date-time
                     * @description A time with its zone (RFC 3339); in responses in UTC
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly at: string;
                    /**
                     * @description How a clock change affects this run
                     * @example 02:30 does not exist on 28 March 2027: runs at 03:00
                     */
                    readonly note?: string;
                }[];
                readonly running: readonly string[];
                /** @description The latest runs, newest first: up to 20, in a list 5 */
                readonly recent: readonly {
                    /**
                     * Format: date-time
                     * @description A time with its zone (RFC 3339); in responses in UTC
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly scheduledAt: string;
                    /** @enum {string} */
                    readonly reason: "schedule" | "trigger" | "backfill";
                    /** @enum {string} */
                    readonly outcome: "started" | "skipped" | "buffered";
                    /**
                     * @description The ID of an execution, which is Restate's invocation ID
                     * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
                     */
                    readonly executionId?: string;
                    /** @description Absent if the execution was deleted */
                    readonly status?: components["schemas"]["ExecutionStatus"];
                }[];
                readonly started: number;
                /** @description Instants that passed during an outage longer than `catchUp` */
                readonly missed: number;
                /** @description Instants that the overlap policy skipped */
                readonly skipped: number;
                /** @description Runs that wait for the end of another one */
                readonly buffered: number;
                readonly failuresInRow: number;
            };
        };
        readonly Queues: {
            readonly items: readonly components["schemas"]["Queue"][];
        };
        readonly QueueDetail: {
            /**
             * @description `workflow:<workflow ID>`, `shared:<name>` or `host:<host>`
             * @example workflow:order-sync
             */
            readonly id: string;
            /** @description The limits in force, with an override */
            readonly limits: components["schemas"]["QueueLimits"];
            /** @description The limits that an operator has overridden */
            readonly override?: components["schemas"]["QueueLimits"];
            /** @description Present while nothing starts */
            readonly paused?: components["schemas"]["OperatorNote"];
            /** @description Present while the workflow is paused: nothing starts until the workflow is resumed */
            readonly workflowPaused?: components["schemas"]["OperatorNote"];
            /** @description Present while only what waited at that time starts; the queue is paused afterwards */
            readonly draining?: components["schemas"]["OperatorNote"];
            /**
             * Format: date-time
             * @description Nothing starts before: a host asked for it
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly heldUntil?: string;
            /** @description Executions that hold a slot */
            readonly running: number;
            /** @description Executions that wait */
            readonly queued: number;
            /** @description Executions that hold a slot, at most 100 */
            readonly holders: readonly {
                /**
                 * @description The ID of an execution, which is Restate's invocation ID
                 * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
                 */
                readonly executionId: string;
                readonly key: string;
                /**
                 * Format: date-time
                 * @description A time with its zone (RFC 3339); in responses in UTC
                 * @example 2026-01-31T09:30:00.000Z
                 */
                readonly since: string;
            }[];
            /** @description Executions that wait, oldest first, at most 100 */
            readonly waiting: readonly {
                /**
                 * @description The ID of an execution, which is Restate's invocation ID
                 * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
                 */
                readonly executionId: string;
                readonly key: string;
                /**
                 * Format: date-time
                 * @description A time with its zone (RFC 3339); in responses in UTC
                 * @example 2026-01-31T09:30:00.000Z
                 */
                readonly since: string;
            }[];
            /** @description The keys with the most executions that wait, at most 20 */
            readonly byKey: readonly {
                readonly key: string;
                readonly running: number;
                readonly queued: number;
            }[];
        };
        readonly SharedLimits: {
            readonly items: readonly components["schemas"]["SharedLimit"][];
        };
        readonly SharedLimit: {
            readonly name: string;
            readonly limit: {
                /** @description Executions that run at the same time */
                readonly total?: number;
                /** @description Executions with the same key that run at the same time. Without a key: of the same workflow */
                readonly perKey?: number;
                readonly rateLimit?: {
                    /** @description Executions that start in `period`, evenly spaced */
                    readonly limit: number;
                    /**
                     * @description An ISO 8601 duration, or a short form such as `10s`
                     * @example PT10S
                     */
                    readonly period: string;
                    /** @description Executions that may start at once. Defaults to 1 */
                    readonly burst?: number;
                };
            };
        };
        readonly Secret: {
            /**
             * @description Name of the secret in `ctx.secrets`
             * @example STRIPE_KEY
             */
            readonly name: string;
            /**
             * @description Hosts that the secret may be sent to: `api.stripe.com`, `*.example.com`, `api.example.com:8443`. HTTPS, unless prefixed with `http://`
             * @example [
             *       "api.stripe.com"
             *     ]
             */
            readonly hosts: readonly string[];
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly updatedAt: string;
        };
        readonly Webhook: {
            readonly id: string;
            readonly name?: string;
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * @description A name that the workflow reads from `ctx.entryPoint`
             * @example order-created
             */
            readonly entryPoint?: string;
            /**
             * @description How the sender signs: Standard Webhooks, GitHub and Meta (`X-Hub-Signature-256`), GitLab's token, Stripe, Slack, Shopify, Linear, Zendesk, Twilio, Zoom, X, or HMAC-SHA-256 of the body in hexadecimal in `X-Signature`. With `none` the address is all that a sender needs
             * @enum {string}
             */
            readonly scheme: "none" | "standard-webhooks" | "github" | "gitlab" | "stripe" | "slack" | "shopify" | "linear" | "zendesk" | "twilio" | "zoom" | "twitter" | "hmac-sha256";
            /**
             * @description Payload of the workflow: the `body`, or the `request` as `{method, headers, query, body, rawBody, rawEncoding}`
             * @enum {string}
             */
            readonly payload: "body" | "request";
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
        };
        readonly CreatedWebhook: {
            readonly id: string;
            readonly name?: string;
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * @description A name that the workflow reads from `ctx.entryPoint`
             * @example order-created
             */
            readonly entryPoint?: string;
            /**
             * @description How the sender signs: Standard Webhooks, GitHub and Meta (`X-Hub-Signature-256`), GitLab's token, Stripe, Slack, Shopify, Linear, Zendesk, Twilio, Zoom, X, or HMAC-SHA-256 of the body in hexadecimal in `X-Signature`. With `none` the address is all that a sender needs
             * @enum {string}
             */
            readonly scheme: "none" | "standard-webhooks" | "github" | "gitlab" | "stripe" | "slack" | "shopify" | "linear" | "zendesk" | "twilio" | "zoom" | "twitter" | "hmac-sha256";
            /**
             * @description Payload of the workflow: the `body`, or the `request` as `{method, headers, query, body, rawBody, rawEncoding}`
             * @enum {string}
             */
            readonly payload: "body" | "request";
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * @description The URL. Shown only once
             * @example https://duranium.example/webhooks/q5EJm0ZUQTyTRkqhGvTFXQ
             */
            readonly url: string;
        };
        readonly RotatedWebhook: {
            /**
             * @description The URL. Shown only once
             * @example https://duranium.example/webhooks/q5EJm0ZUQTyTRkqhGvTFXQ
             */
            readonly url: string;
        };
        readonly WebhookDelivery: {
            readonly id: number;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly at: string;
            /**
             * @description `repeated`: the sender had sent the same delivery before, so nothing was started
             * @enum {string}
             */
            readonly outcome: "accepted" | "repeated" | "rejected";
            /** @description Status of the response */
            readonly status: number;
            /** @description The code of the error */
            readonly code?: string;
            /**
             * @description The ID of an execution, which is Restate's invocation ID
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly executionId?: string;
            /** @description Size of the body as sent */
            readonly bytes: number;
        };
        readonly WebhookExecution: {
            /**
             * @description The ID of an execution, which is Restate's invocation ID
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly executionId: string;
        };
        /** @description A line that a workflow wrote to its console */
        readonly LogLine: {
            /** @description 0, 1, 2… in the order of the execution. A missing number means that a line was lost */
            readonly number: number;
            /** @enum {string} */
            readonly level: "debug" | "info" | "warn" | "error";
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly time: string;
            /**
             * @description The arguments of the `console` call
             * @example [
             *       "order shipped",
             *       {
             *         "orderId": 4711
             *       }
             *     ]
             */
            readonly arguments: readonly unknown[];
        };
        readonly AcceptedCallback: {
            /** @constant */
            readonly status: "accepted";
        };
        readonly ApiKey: {
            readonly id: string;
            /** @example ci */
            readonly name: string;
            /** @description First characters of the key, to distinguish keys */
            readonly prefix: string;
            /** @description Scopes of the key */
            readonly scopes: readonly ("workflows:read" | "workflows:deploy" | "executions:run" | "executions:read" | "executions:manage" | "alerts:manage" | "schedules:manage" | "queues:manage" | "engines:manage" | "secrets:write" | "keys:manage" | "metrics:read" | "components:build")[];
            /** @description The workflows that the key is restricted to */
            readonly workflows?: readonly string[];
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly expiresAt?: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly lastUsedAt?: string;
        };
        readonly CreatedApiKey: {
            readonly id: string;
            /** @example ci */
            readonly name: string;
            /** @description First characters of the key, to distinguish keys */
            readonly prefix: string;
            /** @description Scopes of the key */
            readonly scopes: readonly ("workflows:read" | "workflows:deploy" | "executions:run" | "executions:read" | "executions:manage" | "alerts:manage" | "schedules:manage" | "queues:manage" | "engines:manage" | "secrets:write" | "keys:manage" | "metrics:read" | "components:build")[];
            /** @description The workflows that the key is restricted to */
            readonly workflows?: readonly string[];
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly expiresAt?: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly lastUsedAt?: string;
            /** @description The key. Shown only once */
            readonly key: string;
        };
        readonly Session: {
            /** @description The ID of the API key */
            readonly keyId: string;
            /**
             * @description Human-readable name of the key
             * @example ci
             */
            readonly name: string;
            /** @description Scopes of the session */
            readonly scopes: readonly ("workflows:read" | "workflows:deploy" | "executions:run" | "executions:read" | "executions:manage" | "alerts:manage" | "schedules:manage" | "queues:manage" | "engines:manage" | "secrets:write" | "keys:manage" | "metrics:read" | "components:build")[];
            /** @description The workflows that the key is restricted to */
            readonly workflows?: readonly string[];
            /**
             * Format: date-time
             * @description When the session expires, or the key if the request has one
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly expiresAt?: string;
        };
        readonly SessionStatus: {
            /** @description The session; `null` if not logged in */
            readonly session: components["schemas"]["Session"] | null;
        };
        readonly Engine: {
            /**
             * @description Digest of the engine
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly digest: string;
            /** @description Version of the protocol between the engine and its host */
            readonly protocolVersion: number;
            /** @description Uncompressed size of its module */
            readonly bytes: number;
            /**
             * @description URL of its WebAssembly module on this server. The module is immutable
             * @example /engine/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.wasm
             */
            readonly url: string;
        };
        readonly InstalledEngine: {
            /**
             * @description Digest of the engine. Versions name the engine that they run on by it
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly digest: string;
            /**
             * @description The language of the workflows that it runs
             * @enum {string}
             */
            readonly language: "javascript" | "python" | "wasm";
            /**
             * @description The version of the language that it implements
             * @example 3.13.5
             */
            readonly languageVersion: string;
            /** @description Version of the protocol between the engine and its host */
            readonly protocolVersion: number;
            /** @description Uncompressed size of its module */
            readonly bytes: number;
            /** @description True for the engine that is part of this release */
            readonly builtIn: boolean;
            /** @description True if new versions of its language get it */
            readonly current: boolean;
            /** @description The number of versions that were deployed with it */
            readonly versionsInUse: number;
            /**
             * Format: date-time
             * @description When it was added; absent if it is built in
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly addedAt?: string;
            /** @description The name of the API key that added it, or the path of a file that was found at a start */
            readonly addedBy?: string;
        };
        readonly ExecutorList: {
            readonly items: readonly components["schemas"]["Executor"][];
        };
        readonly Executor: {
            /**
             * @description Host name, in Kubernetes that of the pod
             * @example executor-1
             */
            readonly host: string;
            /** @description Number of the executor process on this host */
            readonly process: number;
            /** @description Attempts that Restate has started here since the process started */
            readonly attempts: number;
            readonly attemptsInFlight: number;
            /** @description Connections of Restate */
            readonly connections: number;
        };
        readonly Health: {
            /** @constant */
            readonly status: "ok";
        };
        readonly About: {
            /** @constant */
            readonly name: "duranium";
            /** @example 0.1.0 */
            readonly version: string;
            readonly features: {
                /** @description True if versions can be downloaded as WebAssembly components */
                readonly portableComponents: boolean;
            };
            readonly links: {
                readonly page?: string;
                readonly docs?: string;
                readonly openapi: string;
                readonly workflows: string;
                readonly executions: string;
                readonly apiKeys: string;
                readonly health: string;
                readonly readiness: string;
                readonly metrics: string;
                readonly restateUi?: string;
            };
        };
        readonly AuditEntry: {
            readonly id: number;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in responses in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly at: string;
            /** @description The ID of the API key */
            readonly actorId: string;
            /**
             * @description The name of the API key
             * @example ci
             */
            readonly actor: string;
            /**
             * @description The `operationId` of the request
             * @example deployWorkflow
             */
            readonly action: string;
            /**
             * @description The path of the changed resource
             * @example /workflows/order-sync/deploy
             */
            readonly subject: string;
            /**
             * @description The workflow, if the entry is about one or about one of its executions
             * @example order-sync
             */
            readonly workflowId?: string;
            /**
             * @description IP address of the client
             * @example 203.0.113.7
             */
            readonly address: string;
            /**
             * @description Status of the response; 403 if the request was denied
             * @example 201
             */
            readonly status: number;
        };
        readonly WorkflowSettingsOutput: {
            /** @description What its fetches may request, and how often */
            readonly egress?: {
                /**
                 * @description The only hosts that the workflow may fetch from: `api.example.com`, `*.example.com`, `api.example.com:8443`. HTTPS, unless prefixed with `http://`. An empty list allows none. By default all that the operator allows
                 * @example [
                 *       "api.stripe.com",
                 *       "*.example.com"
                 *     ]
                 */
                readonly allow?: readonly string[];
                /** @description By default all */
                readonly methods?: readonly string[];
                /**
                 * @description How often hosts are requested, and how many requests are in flight at the same time, by host name. Workflows that name the same host share its limits. Fetches that exceed them wait
                 * @example {
                 *       "api.example.com": {
                 *         "limit": 10,
                 *         "period": "1s",
                 *         "concurrency": 2
                 *       }
                 *     }
                 */
                readonly rate?: {
                    readonly [key: string]: {
                        /** @description Requests that start in `period`, evenly spaced */
                        readonly limit?: number;
                        /**
                         * @description An ISO 8601 duration, or a short form such as `10s`
                         * @example PT10S
                         */
                        readonly period?: string;
                        /** @description Requests that may start at once. Defaults to 1 */
                        readonly burst?: number;
                        /** @description Requests in flight at the same time */
                        readonly concurrency?: number;
                    };
                };
            };
            /**
             * @description Limits of its executions, up to the maximum of the operator. Unset limits have their defaults
             * @example {
             *       "executionFuel": 1000000000,
             *       "memoryMib": 32
             *     }
             */
            readonly limits?: {
                /** @description Fuel of one turn, and of the top level at a deploy */
                readonly turnFuel?: number;
                /** @description Fuel of all turns together */
                readonly executionFuel?: number;
                /** @description The memory, of which the engine itself takes some 10 MiB */
                readonly memoryMib?: number;
                /** @description The payload */
                readonly payloadBytes?: number;
                /** @description What the workflow returns */
                readonly resultBytes?: number;
                /** @description A value that it writes to `ctx.state`, as JSON */
                readonly stateValueBytes?: number;
                /** @description The body of a request that it sends */
                readonly fetchRequestBytes?: number;
                /** @description The body of a response that it receives */
                readonly fetchResponseBytes?: number;
                /** @description One console line, as JSON. What is beyond is cut */
                readonly logLineBytes?: number;
                /** @description All console lines that are kept */
                readonly logBytes?: number;
                /** @description Host calls that wait for their answers */
                readonly callsInFlight?: number;
                /** @description Host calls in all */
                readonly calls?: number;
                /** @description The payload, and what host calls ask and are answered */
                readonly journalBytes?: number;
            };
            /**
             * @description Hours after its end when an execution is deleted with its input, result, steps and console lines. By default the retention of the operator
             * @example 72
             */
            readonly retentionHours?: number;
            /**
             * @description Flow control: how many executions run, and when they start. Each member replaces that of the export `flow` in the code
             * @example {
             *       "concurrency": {
             *         "perKey": 3,
             *         "key": "/customer/id"
             *       }
             *     }
             */
            readonly flow?: {
                readonly concurrency?: {
                    /** @description Executions that run at the same time */
                    readonly total?: number;
                    /** @description Executions with the same key that run at the same time */
                    readonly perKey?: number;
                    /**
                     * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                     * @example /customer/id
                     */
                    readonly key?: string | readonly string[];
                    /**
                     * @description `run` (default): an execution holds its slot from start to end, also while it sleeps or waits. `active`: it releases the slot while it only sleeps or waits, and acquires one again before it continues
                     * @enum {string}
                     */
                    readonly holds?: "run" | "active";
                };
                readonly rateLimit?: {
                    /** @description Executions that start in `period`, evenly spaced */
                    readonly limit: number;
                    /**
                     * @description An ISO 8601 duration, or a short form such as `10s`
                     * @example PT10S
                     */
                    readonly period: string;
                    /** @description Executions that may start at once. Defaults to 1 */
                    readonly burst?: number;
                    /**
                     * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                     * @example /customer/id
                     */
                    readonly key?: string | readonly string[];
                    /**
                     * @description `delay` (default) queues the others, `reject` refuses them with status 429
                     * @enum {string}
                     */
                    readonly mode?: "delay" | "reject";
                };
                /** @description An execution starts once no further one with its key was started for `period`. The earlier ones end as `skipped` */
                readonly debounce?: {
                    /**
                     * @description An ISO 8601 duration, or a short form such as `10s`
                     * @example PT10S
                     */
                    readonly period: string;
                    /**
                     * @description The longest delay since the first execution
                     * @example PT10S
                     */
                    readonly max?: string;
                    /**
                     * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                     * @example /customer/id
                     */
                    readonly key?: string | readonly string[];
                };
                /** @description At most one execution with the same key exists */
                readonly singleton?: {
                    /**
                     * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                     * @example /customer/id
                     */
                    readonly key?: string | readonly string[];
                    /**
                     * @description `skip` (default) ends the new execution as `skipped`, `cancel-running` cancels the one that runs
                     * @enum {string}
                     */
                    readonly mode?: "skip" | "cancel-running";
                };
                /** @description One execution receives the payloads of up to `size` executions that were started within `period`, as an array. The others end as `skipped` */
                readonly batch?: {
                    readonly size: number;
                    /**
                     * @description An ISO 8601 duration, or a short form such as `10s`
                     * @example PT10S
                     */
                    readonly period: string;
                    /**
                     * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                     * @example /customer/id
                     */
                    readonly key?: string | readonly string[];
                };
                /** @description Executions with a higher number start first */
                readonly priority?: number | {
                    readonly key: string;
                };
                /** @description Limits that several workflows share, by name */
                readonly limits?: readonly (string | {
                    readonly name: string;
                    /**
                     * @description Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them
                     * @example /customer/id
                     */
                    readonly key?: string | readonly string[];
                })[];
            };
            /** @description Recordings of its executions */
            readonly recordings?: {
                /** @description What is redacted in recordings and reports of replays before they leave the server. Texts that are redacted in one place are redacted wherever else they occur */
                readonly redact?: {
                    /** @description Names of request and response headers. These are redacted always: authorization, proxy-authorization, cookie, set-cookie, x-api-key, api-key, x-auth-token, x-access-token, x-csrf-token, x-amz-security-token, x-goog-api-key */
                    readonly headers?: readonly string[];
                    /** @description JSON Pointers into payloads, bodies of requests and responses, events, callbacks, state values and results. `*` stands for each element of a list, or each member of an object */
                    readonly body?: readonly string[];
                };
            };
            /** @description What a deploy requires */
            readonly deploy?: {
                /** @description Set if a source can only be deployed after a replay check of it has passed, within a day. The first version needs none */
                readonly requireReplayCheck?: {
                    /**
                     * @description The number of executions that the check must have selected, the latest first, unless there are fewer
                     * @default 50
                     */
                    readonly last: number;
                    /**
                     * @description Outcomes that may occur beside `same`
                     * @example [
                     *       "otherResult",
                     *       "notComparable"
                     *     ]
                     */
                    readonly allow?: readonly components["schemas"]["ReplayOutcome"][];
                };
            };
            /** @description True if fetches of executions that start from now on send a `traceparent` header, with which servers continue the trace of the execution. Defaults to false */
            readonly traceparent?: boolean;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /**
         * @description Requests left (`r`) until the window ends in `t` seconds
         * @example "key";r=998;t=10
         */
        readonly RateLimit: string;
        /**
         * @description Maximum number of requests (`q`) in `w` seconds
         * @example "key";q=1000;w=10
         */
        readonly "RateLimit-Policy": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly listWorkflows: {
        readonly parameters: {
            readonly query?: {
                /** @description Only this workflow, if it exists */
                readonly workflow?: string;
                /** @description Where the page starts: the opaque `cursor` of the previous page */
                readonly cursor?: string;
                /** @description Maximum number of items */
                readonly limit?: number;
                /** @description Number of recent executions to include for each workflow. Needs `executions:read` too */
                readonly recent?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of workflows */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description The address of the next page, as `rel="next"` (RFC 8288); absent on the last */
                    readonly link?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Workflow"][];
                        /** @description The `cursor` of the next page. Absent on the last page */
                        readonly cursor?: string;
                    };
                };
            };
        };
    };
    readonly getWorkflow: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The workflow */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Workflow"];
                };
            };
        };
    };
    readonly deleteWorkflow: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The workflow was deleted */
            readonly 204: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly pauseWorkflow: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PauseWorkflow"];
            };
        };
        readonly responses: {
            /** @description The paused workflow */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Workflow"];
                };
            };
        };
    };
    readonly resumeWorkflow: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The resumed workflow */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Workflow"];
                };
            };
        };
    };
    readonly deployWorkflow: {
        readonly parameters: {
            readonly query?: {
                /** @description Why the workflow is deployed without the replay check that its settings require (`deploy.requireReplayCheck`). The reason is stored in the audit log */
                readonly "skip-replay-check"?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["DeployOneFile"] | components["schemas"]["DeployFiles"];
                readonly "text/typescript": string;
                readonly "application/typescript": string;
                readonly "text/javascript": string;
                readonly "application/javascript": string;
                readonly "text/x-python": string;
                readonly "application/wasm": Blob;
            };
        };
        readonly responses: {
            /** @description The new version */
            readonly 201: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description URL of the version */
                    readonly location?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeployedVersion"];
                };
            };
        };
    };
    readonly activateVersion: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description The number of a version: 1, 2, 3… in the order of the deploys
                     * @example 3
                     */
                    readonly version: number;
                };
            };
        };
        readonly responses: {
            /** @description The version, now current */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description URL of the version */
                    readonly location?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Version"];
                };
            };
        };
    };
    readonly listVersions: {
        readonly parameters: {
            readonly query?: {
                /** @description Where the page starts: the opaque `cursor` of the previous page */
                readonly cursor?: string;
                /** @description Maximum number of items */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of versions */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description The address of the next page, as `rel="next"` (RFC 8288); absent on the last */
                    readonly link?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Version"][];
                        /** @description The `cursor` of the next page. Absent on the last page */
                        readonly cursor?: string;
                    };
                };
            };
        };
    };
    readonly getVersion: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The version */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["VersionWithSource"];
                };
            };
        };
    };
    readonly updateVersion: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["UpdateVersion"];
            };
        };
        readonly responses: {
            /** @description The version with its new note */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Version"];
                };
            };
        };
    };
    readonly getPortableComponent: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The component */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description A file name */
                    readonly "content-disposition"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/wasm": unknown;
                };
            };
        };
    };
    readonly listDrafts: {
        readonly parameters: {
            readonly query?: {
                /** @description Only the draft of this workflow, if there is one */
                readonly workflow?: string;
                /** @description Where the page starts: the opaque `cursor` of the previous page */
                readonly cursor?: string;
                /** @description Maximum number of items */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of drafts, without their files */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description The address of the next page, as `rel="next"` (RFC 8288); absent on the last */
                    readonly link?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["DraftFacts"][];
                        /** @description The `cursor` of the next page. Absent on the last page */
                        readonly cursor?: string;
                    };
                };
            };
        };
    };
    readonly getDraft: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The draft */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Identifies this revision of the draft, for `If-Match` */
                    readonly etag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Draft"];
                };
            };
            /** @description The draft matches `If-None-Match` */
            readonly 304: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly saveDraft: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The `ETag` of the draft that this one replaces; `*` for any draft */
                readonly "if-match"?: string;
                /** @description `*` if no draft should exist yet */
                readonly "if-none-match"?: "*";
            };
            readonly path: {
                readonly workflowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["DraftFiles"];
            };
        };
        readonly responses: {
            /** @description The draft was saved */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Identifies this revision of the draft, for `If-Match` */
                    readonly etag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DraftFacts"];
                };
            };
        };
    };
    readonly discardDraft: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The draft was deleted */
            readonly 204: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly searchPackages: {
        readonly parameters: {
            readonly query?: {
                /** @description A part of the name */
                readonly query?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The packages, those of the folder first */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["FoundPackages"];
                };
            };
        };
    };
    readonly uploadPackage: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/gzip": Blob;
                readonly "application/x-gzip": Blob;
                readonly "application/octet-stream": Blob;
            };
        };
        readonly responses: {
            /** @description The package */
            readonly 201: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description URL of its files */
                    readonly location?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["StoredPackage"];
                };
            };
        };
    };
    readonly resolvePackages: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ResolvePackages"];
            };
        };
        readonly responses: {
            /** @description The lock and its packages */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ResolvedPackages"];
                };
            };
        };
    };
    readonly getPackageFiles: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The digest of a package's files */
                readonly digest: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Contents by path in the package */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Identifies the files */
                    readonly etag?: string;
                    /** @description The files are immutable */
                    readonly "cache-control"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PackageFiles"];
                };
            };
            /** @description The files match `If-None-Match` */
            readonly 304: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly executeWorkflow: {
        readonly parameters: {
            readonly query?: {
                /** @description Tags of the execution, with commas between them. Lists filter by them */
                readonly tag?: string;
                readonly "entry-point"?: string;
                /** @description Starts the execution later: an ISO 8601 duration */
                readonly delay?: string;
                /** @description Starts the execution at this time */
                readonly at?: string;
            };
            readonly header?: {
                /** @description `wait=N` (RFC 7240) waits up to N seconds, 300 at most, for the execution to end. `Preference-Applied` has the accepted time */
                readonly prefer?: string;
                /** @description A request with a known key of this workflow starts nothing and returns the execution of the first request. A quoted key is the same as an unquoted one */
                readonly "idempotency-key"?: string;
            };
            readonly path: {
                readonly workflowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": unknown;
            };
        };
        readonly responses: {
            /** @description The execution ended in time */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description URL of the execution */
                    readonly location?: string;
                    /** @description `wait=N`, where the request asked for it and it was waited */
                    readonly "preference-applied"?: string;
                    /** @description `true` if the idempotency key was known and no execution was started */
                    readonly "idempotency-replayed"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["EndedExecution"];
                };
            };
            /** @description The execution was started */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description URL of the execution */
                    readonly location?: string;
                    /** @description `wait=N`, where the request asked for it and it was waited */
                    readonly "preference-applied"?: string;
                    /** @description `true` if the idempotency key was known and no execution was started */
                    readonly "idempotency-replayed"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["StartedExecution"];
                };
            };
        };
    };
    readonly listExecutions: {
        readonly parameters: {
            readonly query?: {
                /** @description Only executions of this workflow */
                readonly workflow?: string;
                /** @description Only executions of workflows whose name contains this */
                readonly "workflow-contains"?: string;
                /** @description `false`: only executions that have not been retried; `true`: only those that have */
                readonly retried?: "true" | "false";
                /** @description Only executions with this status */
                readonly status?: components["schemas"]["ExecutionStatus"];
                /** @description Only executions of this version */
                readonly version?: number;
                /** @description Only executions of this entry point */
                readonly "entry-point"?: string;
                /** @description Only executions created at this time or later */
                readonly "created-after"?: string;
                /** @description Only executions created before this time */
                readonly "created-before"?: string;
                /** @description Only executions with all of these tags, with commas between them */
                readonly tag?: string;
                readonly search?: string;
                readonly payload?: string;
                /** @description Where the page starts: the opaque `cursor` of the previous page */
                readonly cursor?: string;
                /** @description Maximum number of items */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of executions */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description The address of the next page, as `rel="next"` (RFC 8288); absent on the last */
                    readonly link?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["ExecutionSummary"][];
                        /** @description The `cursor` of the next page. Absent on the last page */
                        readonly cursor?: string;
                    };
                };
            };
        };
    };
    readonly countExecutions: {
        readonly parameters: {
            readonly query?: {
                /** @description Only executions of this workflow */
                readonly workflow?: string;
                /** @description Only executions of workflows whose name contains this */
                readonly "workflow-contains"?: string;
                /** @description `false`: only executions that have not been retried; `true`: only those that have */
                readonly retried?: "true" | "false";
                /** @description Only executions with this status */
                readonly status?: components["schemas"]["ExecutionStatus"];
                /** @description Only executions of this version */
                readonly version?: number;
                /** @description Only executions of this entry point */
                readonly "entry-point"?: string;
                /** @description Only executions created at this time or later */
                readonly "created-after"?: string;
                /** @description Only executions created before this time */
                readonly "created-before"?: string;
                /** @description Only executions with all of these tags, with commas between them */
                readonly tag?: string;
                readonly search?: string;
                readonly payload?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The number of matching executions */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ExecutionCount"];
                };
            };
        };
    };
    readonly cancelExecutions: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description Only executions of this workflow
                     * @example order-sync
                     */
                    readonly workflow?: string;
                    /**
                     * @description Only executions of workflows whose name contains this
                     * @example sync
                     */
                    readonly workflowContains?: string;
                    /** @description Only those of these executions that match the other filters */
                    readonly executionIds?: readonly string[];
                    /** @description Only executions with this status */
                    readonly status?: components["schemas"]["ExecutionStatus"];
                    /**
                     * @description Only executions of this version
                     * @example 3
                     */
                    readonly version?: number;
                    /**
                     * @description Only executions of this entry point
                     * @example order-created
                     */
                    readonly entryPoint?: string;
                    /**
                     * Format: date-time
                     * @description Only executions created at this time or later
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly createdAfter?: string;
                    /**
                     * Format: date-time
                     * @description Only executions created before this time
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly createdBefore?: string;
                    /** @description Only executions with all of these tags */
                    readonly tag?: string;
                    /** @description Only executions whose ID starts with this text, or whose error contains it */
                    readonly search?: string;
                    /** @description Only executions whose payload has this value at a JSON pointer. Payloads above 64 KiB are not searched. A page may have fewer items than `limit` */
                    readonly payload?: string;
                    /** @description Where the page starts: the opaque `cursor` of the previous page */
                    readonly cursor?: string;
                    /**
                     * @description Maximum number, newest first
                     * @default 200
                     */
                    readonly limit?: number;
                };
            };
        };
        readonly responses: {
            /** @description The outcome for each execution */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OperatedExecutions"];
                };
            };
        };
    };
    readonly pauseExecutions: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description Only executions of this workflow
                     * @example order-sync
                     */
                    readonly workflow?: string;
                    /**
                     * @description Only executions of workflows whose name contains this
                     * @example sync
                     */
                    readonly workflowContains?: string;
                    /** @description Only those of these executions that match the other filters */
                    readonly executionIds?: readonly string[];
                    /** @description Only executions with this status */
                    readonly status?: components["schemas"]["ExecutionStatus"];
                    /**
                     * @description Only executions of this version
                     * @example 3
                     */
                    readonly version?: number;
                    /**
                     * @description Only executions of this entry point
                     * @example order-created
                     */
                    readonly entryPoint?: string;
                    /**
                     * Format: date-time
                     * @description Only executions created at this time or later
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly createdAfter?: string;
                    /**
                     * Format: date-time
                     * @description Only executions created before this time
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly createdBefore?: string;
                    /** @description Only executions with all of these tags */
                    readonly tag?: string;
                    /** @description Only executions whose ID starts with this text, or whose error contains it */
                    readonly search?: string;
                    /** @description Only executions whose payload has this value at a JSON pointer. Payloads above 64 KiB are not searched. A page may have fewer items than `limit` */
                    readonly payload?: string;
                    /** @description Where the page starts: the opaque `cursor` of the previous page */
                    readonly cursor?: string;
                    /**
                     * @description Maximum number, newest first
                     * @default 200
                     */
                    readonly limit?: number;
                };
            };
        };
        readonly responses: {
            /** @description The outcome for each execution */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OperatedExecutions"];
                };
            };
        };
    };
    readonly resumeExecutions: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description Only executions of this workflow
                     * @example order-sync
                     */
                    readonly workflow?: string;
                    /**
                     * @description Only executions of workflows whose name contains this
                     * @example sync
                     */
                    readonly workflowContains?: string;
                    /** @description Only those of these executions that match the other filters */
                    readonly executionIds?: readonly string[];
                    /** @description Only executions with this status */
                    readonly status?: components["schemas"]["ExecutionStatus"];
                    /**
                     * @description Only executions of this version
                     * @example 3
                     */
                    readonly version?: number;
                    /**
                     * @description Only executions of this entry point
                     * @example order-created
                     */
                    readonly entryPoint?: string;
                    /**
                     * Format: date-time
                     * @description Only executions created at this time or later
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly createdAfter?: string;
                    /**
                     * Format: date-time
                     * @description Only executions created before this time
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly createdBefore?: string;
                    /** @description Only executions with all of these tags */
                    readonly tag?: string;
                    /** @description Only executions whose ID starts with this text, or whose error contains it */
                    readonly search?: string;
                    /** @description Only executions whose payload has this value at a JSON pointer. Payloads above 64 KiB are not searched. A page may have fewer items than `limit` */
                    readonly payload?: string;
                    /** @description Where the page starts: the opaque `cursor` of the previous page */
                    readonly cursor?: string;
                    /**
                     * @description Maximum number, newest first
                     * @default 200
                     */
                    readonly limit?: number;
                };
            };
        };
        readonly responses: {
            /** @description The outcome for each execution */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OperatedExecutions"];
                };
            };
        };
    };
    readonly purgeExecutions: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description Only executions of this workflow
                     * @example order-sync
                     */
                    readonly workflow?: string;
                    /**
                     * @description Only executions of workflows whose name contains this
                     * @example sync
                     */
                    readonly workflowContains?: string;
                    /** @description Only those of these executions that match the other filters */
                    readonly executionIds?: readonly string[];
                    /** @description Only executions with this status */
                    readonly status?: components["schemas"]["ExecutionStatus"];
                    /**
                     * @description Only executions of this version
                     * @example 3
                     */
                    readonly version?: number;
                    /**
                     * @description Only executions of this entry point
                     * @example order-created
                     */
                    readonly entryPoint?: string;
                    /**
                     * Format: date-time
                     * @description Only executions created at this time or later
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly createdAfter?: string;
                    /**
                     * Format: date-time
                     * @description Only executions created before this time
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly createdBefore?: string;
                    /** @description Only executions with all of these tags */
                    readonly tag?: string;
                    /** @description Only executions whose ID starts with this text, or whose error contains it */
                    readonly search?: string;
                    /** @description Only executions whose payload has this value at a JSON pointer. Payloads above 64 KiB are not searched. A page may have fewer items than `limit` */
                    readonly payload?: string;
                    /** @description Where the page starts: the opaque `cursor` of the previous page */
                    readonly cursor?: string;
                    /**
                     * @description Maximum number, newest first
                     * @default 200
                     */
                    readonly limit?: number;
                };
            };
        };
        readonly responses: {
            /** @description The outcome for each execution */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OperatedExecutions"];
                };
            };
        };
    };
    readonly forkExecution: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly executionId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @description The `index` of the step from which the fork runs on: it is executed again, with the results, events and callbacks that arrived before its own. By default the step that failed; if the execution failed in its own code or was cancelled, every result is reused */
                    readonly fromStep?: number;
                    /**
                     * @description The version of the fork: that of the execution, the current one, or the one with this number
                     * @default same
                     */
                    readonly version?: ("same" | "current") | number;
                    /** @description Replaces results. With an answer to `fromStep`, that step is not executed again either */
                    readonly answers?: readonly components["schemas"]["StepAnswer"][];
                    /** @description Replaces the payload */
                    readonly payload?: unknown;
                    /** @description Checks the request and starts nothing */
                    readonly dryRun?: boolean;
                };
            };
        };
        readonly responses: {
            /** @description The fork was started */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description URL of the fork */
                    readonly location?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ForkedExecution"];
                };
            };
        };
    };
    readonly forkExecutions: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description Only executions of this workflow
                     * @example order-sync
                     */
                    readonly workflow?: string;
                    /**
                     * @description Only executions of workflows whose name contains this
                     * @example sync
                     */
                    readonly workflowContains?: string;
                    /** @description Only those of these executions that match the other filters */
                    readonly executionIds?: readonly string[];
                    /**
                     * @default failed
                     * @enum {string}
                     */
                    readonly status?: "failed" | "cancelled";
                    /**
                     * @description Only executions of this version
                     * @example 3
                     */
                    readonly ofVersion?: number;
                    /**
                     * @description Only executions of this entry point
                     * @example order-created
                     */
                    readonly entryPoint?: string;
                    /**
                     * Format: date-time
                     * @description Only executions created at this time or later
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly createdAfter?: string;
                    /**
                     * Format: date-time
                     * @description Only executions created before this time
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly createdBefore?: string;
                    /**
                     * @description Maximum number, newest first. A repeated request continues, because no execution is retried twice
                     * @default 200
                     */
                    readonly limit?: number;
                    /**
                     * @description The version of the fork: that of the execution, the current one, or the one with this number
                     * @default current
                     */
                    readonly version?: ("same" | "current") | number;
                    /** @description Checks the request and starts nothing */
                    readonly dryRun?: boolean;
                };
            };
        };
        readonly responses: {
            /** @description The outcome for each execution */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ForkedExecutions"];
                };
            };
        };
    };
    readonly getExecution: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly executionId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The execution */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Execution"];
                };
            };
        };
    };
    readonly purgeExecution: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly executionId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The execution was deleted */
            readonly 204: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly rescheduleExecution: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly executionId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * Format: date-time
                     * @description When the execution starts
                     */
                    readonly scheduledAt: string;
                };
            };
        };
        readonly responses: {
            /** @description The execution that starts at that time */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /**
                         * @description The ID of an execution, which is Restate's invocation ID
                         * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
                         */
                        readonly executionId: string;
                    };
                };
            };
        };
    };
    readonly getStep: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly executionId: string;
                readonly index: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The step */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Step"];
                };
            };
        };
    };
    readonly getRecording: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly executionId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The recording */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Recording"];
                };
            };
        };
    };
    readonly listCallbacks: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly executionId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The open callbacks */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenCallbacks"];
                };
            };
        };
    };
    readonly cancelExecution: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly executionId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Cancellation was requested */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ExecutionReference"];
                };
            };
        };
    };
    readonly pauseExecution: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly executionId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The execution will be paused */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ExecutionReference"];
                };
            };
        };
    };
    readonly resumeExecution: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly executionId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The execution continues, once it holds its slots */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ExecutionReference"];
                };
            };
        };
    };
    readonly retryExecution: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly executionId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description Where the new execution starts: at the start, or at the failed step with the results, events and callbacks before it. Completed steps are not executed again
                     * @default start
                     * @enum {string}
                     */
                    readonly from?: "start" | "failed-step";
                    /**
                     * @description The version of the new execution: that of the retried execution, or the current one
                     * @default same
                     * @enum {string}
                     */
                    readonly version?: "same" | "current";
                };
            };
        };
        readonly responses: {
            /** @description The new execution was started */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description URL of the new execution */
                    readonly location?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ExecutionReference"];
                };
            };
        };
    };
    readonly retryExecutions: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description Where the new execution starts: at the start, or at the failed step with the results, events and callbacks before it. Completed steps are not executed again
                     * @default start
                     * @enum {string}
                     */
                    readonly from?: "start" | "failed-step";
                    /**
                     * @description The version of the new execution: that of the retried execution, or the current one
                     * @default same
                     * @enum {string}
                     */
                    readonly version?: "same" | "current";
                    /**
                     * @description Only executions of this workflow
                     * @example order-sync
                     */
                    readonly workflow?: string;
                    /**
                     * @description Only executions of workflows whose name contains this
                     * @example sync
                     */
                    readonly workflowContains?: string;
                    /** @description Only those of these executions that match the other filters */
                    readonly executionIds?: readonly string[];
                    /**
                     * @default failed
                     * @enum {string}
                     */
                    readonly status?: "failed" | "cancelled";
                    /**
                     * @description Only executions of this version
                     * @example 3
                     */
                    readonly ofVersion?: number;
                    /**
                     * @description Only executions of this entry point
                     * @example order-created
                     */
                    readonly entryPoint?: string;
                    /**
                     * Format: date-time
                     * @description Only executions created at this time or later
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly createdAfter?: string;
                    /**
                     * Format: date-time
                     * @description Only executions created before this time
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly createdBefore?: string;
                    /**
                     * @description Maximum number, newest first. A repeated request continues, because no execution is retried twice
                     * @default 200
                     */
                    readonly limit?: number;
                };
            };
        };
        readonly responses: {
            /** @description The outcome for each execution */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RetriedExecutions"];
                };
            };
        };
    };
    readonly sendEvent: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly executionId: string;
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": unknown;
            };
        };
        readonly responses: {
            /** @description The execution has received the event */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SentEvent"];
                };
            };
        };
    };
    readonly listReplayChecks: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The checks */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["ReplayCheckSummary"][];
                    };
                };
            };
        };
    };
    readonly startReplayCheck: {
        readonly parameters: {
            readonly query?: {
                /** @description Waits this many seconds for the report, at most 60 */
                readonly wait?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ReplayDraft"] | components["schemas"]["ReplayVersion"] | components["schemas"]["ReplayOneFile"] | components["schemas"]["ReplayFiles"];
            };
        };
        readonly responses: {
            /** @description The report */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ReplayCheck"];
                };
            };
            /** @description The check has started */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description URL of the check */
                    readonly location?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ReplayCheck"];
                };
            };
        };
    };
    readonly getReplayCheck: {
        readonly parameters: {
            readonly query?: {
                /** @description Waits this many seconds for the report, at most 60 */
                readonly wait?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
                /** @description The ID of the check */
                readonly checkId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The report */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ReplayCheck"];
                };
            };
        };
    };
    readonly cancelReplayCheck: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
                /** @description The ID of the check */
                readonly checkId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The check */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ReplayCheck"];
                };
            };
        };
    };
    readonly listFailures: {
        readonly parameters: {
            readonly query?: {
                /** @description Only failures of this workflow */
                readonly workflow?: string;
                /** @description Only executions that failed at this time or later */
                readonly since?: string;
                /** @description Where the page starts: the opaque `cursor` of the previous page */
                readonly cursor?: string;
                /** @description Maximum number of items */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of causes */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description The address of the next page, as `rel="next"` (RFC 8288); absent on the last */
                    readonly link?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["FailureGroup"][];
                        /** @description The `cursor` of the next page. Absent on the last page */
                        readonly cursor?: string;
                    };
                };
            };
        };
    };
    readonly retryFailure: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The ID of a cause */
                readonly failureId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description Where the new execution starts: at the start, or at the failed step with the results, events and callbacks before it. Completed steps are not executed again
                     * @default start
                     * @enum {string}
                     */
                    readonly from?: "start" | "failed-step";
                    /**
                     * @description The version of the new execution: that of the retried execution, or the current one
                     * @default same
                     * @enum {string}
                     */
                    readonly version?: "same" | "current";
                    /**
                     * Format: date-time
                     * @description Only executions that failed at this time or later
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly since?: string;
                    /**
                     * @description Maximum number, newest first. A repeated request continues
                     * @default 200
                     */
                    readonly limit?: number;
                };
            };
        };
        readonly responses: {
            /** @description The outcome for each execution */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RetriedExecutions"];
                };
            };
        };
    };
    readonly forkFailure: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The ID of a cause */
                readonly failureId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description The version of the fork: that of the execution, the current one, or the one with this number
                     * @default current
                     */
                    readonly version?: ("same" | "current") | number;
                    /** @description Checks the request and starts nothing */
                    readonly dryRun?: boolean;
                    /**
                     * Format: date-time
                     * @description Only executions that failed at this time or later
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly since?: string;
                    /**
                     * @description Maximum number, newest first. A repeated request continues
                     * @default 200
                     */
                    readonly limit?: number;
                };
            };
        };
        readonly responses: {
            /** @description The outcome for each execution */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ForkedExecutions"];
                };
            };
        };
    };
    readonly listAlertRules: {
        readonly parameters: {
            readonly query?: {
                /** @description Only rules about this workflow alone */
                readonly workflow?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The rules, by ID */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["AlertRule"][];
                    };
                };
            };
        };
    };
    readonly getAlertRule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The ID of a rule, chosen by its author */
                readonly ruleId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The rule */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AlertRule"];
                };
            };
        };
    };
    readonly putAlertRule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The ID of a rule, chosen by its author */
                readonly ruleId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly name?: string;
                    /**
                     * @description By default the rule is about all workflows
                     * @example order-sync
                     */
                    readonly workflow?: string;
                    /** @default true */
                    readonly enabled?: boolean;
                    /** @description When the rule opens an incident for a workflow. `first-failure` and `failures-in-a-row` close it when an execution completes, `failure-rate` when the rate falls, the others when no execution meets them. `recovered` alerts only when a workflow completes after it failed. `waiting-longer` is about executions that are due and not started, or that wait for a callback or an event; `paused` about those that were paused because of a failure. */
                    readonly on: {
                        /** @constant */
                        readonly kind: "first-failure";
                    } | {
                        /** @constant */
                        readonly kind: "failures-in-a-row";
                        /** @example 3 */
                        readonly count: number;
                    } | {
                        /** @constant */
                        readonly kind: "failure-rate";
                        /** @example 20 */
                        readonly percent: number;
                        /** @description The time in which executions are counted */
                        readonly window: string;
                        /**
                         * @description The condition needs at least this many executions in the window
                         * @default 10
                         */
                        readonly minRuns?: number;
                    } | {
                        /** @constant */
                        readonly kind: "recovered";
                    } | {
                        /** @constant */
                        readonly kind: "running-longer";
                        /** @description How long an execution may run */
                        readonly than: string;
                    } | {
                        /** @constant */
                        readonly kind: "waiting-longer";
                        /** @description How long an execution may wait */
                        readonly than: string;
                    } | {
                        /** @constant */
                        readonly kind: "paused";
                    } | {
                        /** @constant */
                        readonly kind: "schedule-missed";
                    } | {
                        /** @constant */
                        readonly kind: "not-deterministic";
                    };
                    readonly channels: readonly ({
                        /** @constant */
                        readonly kind: "webhook";
                        /** Format: uri */
                        readonly url: string;
                        /** @description Generated for a new URL if it is left out, and otherwise unchanged */
                        readonly secret?: string;
                    } | {
                        /** @constant */
                        readonly kind: "email";
                        readonly to: readonly string[];
                    } | {
                        /** @constant */
                        readonly kind: "slack";
                        /**
                         * Format: uri
                         * @description URL of an incoming webhook. The masked URL of a response leaves it unchanged
                         */
                        readonly url: string;
                    } | {
                        /** @constant */
                        readonly kind: "workflow";
                        /**
                         * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
                         * @example order-sync
                         */
                        readonly workflow: string;
                        /**
                         * @description A name that the workflow reads from `ctx.entryPoint`
                         * @example order-created
                         */
                        readonly entryPoint?: string;
                    })[];
                    /**
                     * @description Alert also when the incident closes
                     * @default true
                     */
                    readonly recovery?: boolean;
                    /** @description After an alert about a workflow, none about the same workflow for this long. An incident that is still open then is alerted to */
                    readonly quiet?: string;
                };
            };
        };
        readonly responses: {
            /** @description The rule was replaced */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AlertRule"];
                };
            };
            /** @description The rule was added */
            readonly 201: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AlertRule"];
                };
            };
        };
    };
    readonly deleteAlertRule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The ID of a rule, chosen by its author */
                readonly ruleId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The rule was deleted */
            readonly 204: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly testAlertRule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The ID of a rule, chosen by its author */
                readonly ruleId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The alert will be sent */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CreatedAlert"];
                };
            };
        };
    };
    readonly listAlerts: {
        readonly parameters: {
            readonly query?: {
                /** @description Only alerts of rules about this workflow */
                readonly workflow?: string;
                /** @description Only alerts of this rule */
                readonly rule?: string;
                /** @description Where the page starts: the opaque `cursor` of the previous page */
                readonly cursor?: string;
                /** @description Maximum number of items */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of alerts */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description The address of the next page, as `rel="next"` (RFC 8288); absent on the last */
                    readonly link?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Alert"][];
                        /** @description The `cursor` of the next page. Absent on the last page */
                        readonly cursor?: string;
                    };
                };
            };
        };
    };
    readonly listAlertIncidents: {
        readonly parameters: {
            readonly query?: {
                /** @description Only incidents of this workflow */
                readonly workflow?: string;
                /** @description Only open, or only closed ones */
                readonly open?: "true" | "false";
                /** @description Maximum number of items */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The incidents */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["AlertIncident"][];
                    };
                };
            };
        };
    };
    readonly retryAlert: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly alertId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The deliveries will be attempted */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CreatedAlert"];
                };
            };
        };
    };
    readonly getOverview: {
        readonly parameters: {
            readonly query?: {
                /** @description The time that the figures are about */
                readonly window?: "PT1H" | "PT24H" | "P7D";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The figures */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Overview"];
                };
            };
        };
    };
    readonly listSchedules: {
        readonly parameters: {
            readonly query?: {
                /** @description Only schedules of this workflow */
                readonly workflow?: string;
                /** @description Where the page starts: the opaque `cursor` of the previous page */
                readonly cursor?: string;
                /** @description Maximum number of items */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of schedules, by ID */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description The address of the next page, as `rel="next"` (RFC 8288); absent on the last */
                    readonly link?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Schedule"][];
                        /** @description The `cursor` of the next page. Absent on the last page */
                        readonly cursor?: string;
                    };
                };
            };
        };
    };
    readonly previewSchedule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly spec: components["schemas"]["ScheduleSpec"];
                };
            };
        };
        readonly responses: {
            /** @description The next runs */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly next: readonly {
                            /**
                             * Format: date-time
                             * @description A time with its zone (RFC 3339); in responses in UTC
                             * @example 2026-01-31T09:30:00.000Z
                             */
                            readonly at: string;
                            /**
                             * @description How a clock change affects this run
                             * @example 02:30 does not exist on 28 March 2027: runs at 03:00
                             */
                            readonly note?: string;
                        }[];
                    };
                };
            };
        };
    };
    readonly getSchedule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The ID of a schedule */
                readonly scheduleId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The schedule */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Schedule"];
                };
            };
        };
    };
    readonly setSchedule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The ID of a schedule */
                readonly scheduleId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["SetSchedule"];
            };
        };
        readonly responses: {
            /** @description The schedule */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Schedule"];
                };
            };
        };
    };
    readonly deleteSchedule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The ID of a schedule */
                readonly scheduleId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The schedule was deleted */
            readonly 204: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly pauseSchedule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The ID of a schedule */
                readonly scheduleId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @description Why; shown with the schedule */
                    readonly note?: string;
                };
            };
        };
        readonly responses: {
            /** @description The schedule is paused */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Schedule"];
                };
            };
        };
    };
    readonly resumeSchedule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The ID of a schedule */
                readonly scheduleId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @description Why; shown with the schedule */
                    readonly note?: string;
                };
            };
        };
        readonly responses: {
            /** @description The schedule is active */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Schedule"];
                };
            };
        };
    };
    readonly triggerSchedule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The ID of a schedule */
                readonly scheduleId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The execution */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /**
                         * @description The ID of an execution, which is Restate's invocation ID
                         * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
                         */
                        readonly executionId: string;
                    };
                };
            };
        };
    };
    readonly backfillSchedule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The ID of a schedule */
                readonly scheduleId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * Format: date-time
                     * @description A time with its zone (RFC 3339); in responses in UTC
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly start: string;
                    /**
                     * Format: date-time
                     * @description A time with its zone (RFC 3339); in responses in UTC
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly end: string;
                    /**
                     * @description Defaults to `buffer-all`: sequentially; to `allow` if that is the policy of the schedule
                     * @enum {string}
                     */
                    readonly overlap?: "skip" | "buffer-one" | "buffer-all" | "cancel-running" | "allow";
                };
            };
        };
        readonly responses: {
            /** @description The outcome of the instants */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly started: number;
                        readonly buffered: number;
                        readonly skipped: number;
                    };
                };
            };
        };
    };
    readonly getSettings: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The settings */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WorkflowSettingsOutput"];
                };
            };
        };
    };
    readonly setSettings: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["WorkflowSettings"];
            };
        };
        readonly responses: {
            /** @description The settings were saved */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WorkflowSettingsOutput"];
                };
            };
        };
    };
    readonly listQueues: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The queues, by ID */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Queues"];
                };
            };
        };
    };
    readonly getQueue: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly queueId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The queue */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["QueueDetail"];
                };
            };
        };
    };
    readonly changeQueue: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly queueId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ChangeQueue"];
            };
        };
        readonly responses: {
            /** @description The queue after the change */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["QueueDetail"];
                };
            };
        };
    };
    readonly drainQueue: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly queueId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["OperateQueue"];
            };
        };
        readonly responses: {
            /** @description The queue after the change */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["QueueDetail"];
                };
            };
        };
    };
    readonly purgeQueue: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly queueId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["OperateQueue"];
            };
        };
        readonly responses: {
            /** @description The queue after the change */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["QueueDetail"];
                };
            };
        };
    };
    readonly listSharedLimits: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The limits, by name */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SharedLimits"];
                };
            };
        };
    };
    readonly getSharedLimit: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The name of the limit */
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The limit */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SharedLimit"];
                };
            };
        };
    };
    readonly setSharedLimit: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The name of the limit */
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["SetSharedLimit"];
            };
        };
        readonly responses: {
            /** @description The limit was set */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SharedLimit"];
                };
            };
        };
    };
    readonly removeSharedLimit: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The name of the limit */
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The limit was removed */
            readonly 204: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly listSecrets: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The secrets */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Secret"][];
                    };
                };
            };
        };
    };
    readonly setSecret: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
                /** @description Name of the secret in `ctx.secrets` */
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @description The value, which no response returns */
                    readonly value: string;
                    /**
                     * @description Hosts that the secret may be sent to: `api.stripe.com`, `*.example.com`, `api.example.com:8443`. HTTPS, unless prefixed with `http://`
                     * @example [
                     *       "api.stripe.com"
                     *     ]
                     */
                    readonly hosts: readonly string[];
                };
            };
        };
        readonly responses: {
            /** @description The secret was set */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Secret"];
                };
            };
        };
    };
    readonly deleteSecret: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
                /** @description Name of the secret in `ctx.secrets` */
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The secret was deleted */
            readonly 204: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly listWebhooks: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The webhooks */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Webhook"][];
                    };
                };
            };
        };
    };
    readonly createWebhook: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description Distinguishes the webhooks of a workflow
                     * @example Stripe, live
                     */
                    readonly name?: string;
                    /**
                     * @description A name that the workflow reads from `ctx.entryPoint`
                     * @example order-created
                     */
                    readonly entryPoint?: string;
                    /**
                     * @description How the sender signs: Standard Webhooks, GitHub and Meta (`X-Hub-Signature-256`), GitLab's token, Stripe, Slack, Shopify, Linear, Zendesk, Twilio, Zoom, X, or HMAC-SHA-256 of the body in hexadecimal in `X-Signature`. With `none` the address is all that a sender needs
                     * @default none
                     * @enum {string}
                     */
                    readonly scheme?: "none" | "standard-webhooks" | "github" | "gitlab" | "stripe" | "slack" | "shopify" | "linear" | "zendesk" | "twilio" | "zoom" | "twitter" | "hmac-sha256";
                    /** @description The sender's signing secret. It is never shown again */
                    readonly secret?: string;
                    /**
                     * @description Payload of the workflow: the `body`, or the `request` as `{method, headers, query, body, rawBody, rawEncoding}`
                     * @default body
                     * @enum {string}
                     */
                    readonly payload?: "body" | "request";
                };
            };
        };
        readonly responses: {
            /** @description The new webhook */
            readonly 201: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description URL of the webhook for its removal */
                    readonly location?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CreatedWebhook"];
                };
            };
        };
    };
    readonly rotateWebhook: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
                /** @description The ID of a webhook, not its token */
                readonly webhookId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The new URL */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RotatedWebhook"];
                };
            };
        };
    };
    readonly deleteWebhook: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
                /** @description The ID of a webhook, not its token */
                readonly webhookId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The webhook was deleted */
            readonly 204: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly renameWebhook: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
                /** @description The ID of a webhook, not its token */
                readonly webhookId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description The new name; an empty text removes it
                     * @example Stripe, live
                     */
                    readonly name: string;
                };
            };
        };
        readonly responses: {
            /** @description The webhook */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    readonly listWebhookDeliveries: {
        readonly parameters: {
            readonly query?: {
                /** @description Where the page starts: the opaque `cursor` of the previous page */
                readonly cursor?: string;
                /** @description Maximum number of items */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly workflowId: string;
                /** @description The ID of a webhook, not its token */
                readonly webhookId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of requests */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description The address of the next page, as `rel="next"` (RFC 8288); absent on the last */
                    readonly link?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["WebhookDelivery"][];
                        /** @description The `cursor` of the next page. Absent on the last page */
                        readonly cursor?: string;
                    };
                };
            };
        };
    };
    readonly confirmWebhook: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly token: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The challenge */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/plain": string;
                    readonly "application/json": unknown;
                };
            };
        };
    };
    readonly executeWebhook: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly token: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": unknown;
                readonly "application/x-www-form-urlencoded": {
                    readonly [key: string]: string | readonly string[];
                };
                readonly "multipart/form-data": {
                    readonly [key: string]: string | readonly string[];
                };
                readonly "text/*": string;
                readonly "*/*": Blob;
            };
        };
        readonly responses: {
            /** @description The handshake response */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/plain": string;
                };
            };
            /** @description It is under way */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WebhookExecution"];
                };
            };
        };
    };
    readonly permitWebhook: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly token: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The sender may post */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly listLogLines: {
        readonly parameters: {
            readonly query?: {
                /** @description Only lines of these levels, separated by commas */
                readonly level?: string;
                /** @description Where the page starts: the opaque `cursor` of the previous page */
                readonly cursor?: string;
                /** @description Maximum number of items */
                readonly limit?: number;
            };
            readonly header?: {
                /** @description With `text/event-stream`, lines are sent live as server-sent events */
                readonly accept?: string;
                /** @description For a stream: the number of the last received line */
                readonly "last-event-id"?: string;
            };
            readonly path: {
                readonly executionId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of lines, or the stream of them */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description The address of the next page, as `rel="next"` (RFC 8288); absent on the last */
                    readonly link?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["LogLine"][];
                        /** @description The `cursor` of the next page. Absent on the last page */
                        readonly cursor?: string;
                    };
                    readonly "text/event-stream": unknown;
                };
            };
        };
    };
    readonly resolveCallback: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly token: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": unknown;
            };
        };
        readonly responses: {
            /** @description The execution has received the payload */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AcceptedCallback"];
                };
            };
        };
    };
    readonly listApiKeys: {
        readonly parameters: {
            readonly query?: {
                /** @description Where the page starts: the opaque `cursor` of the previous page */
                readonly cursor?: string;
                /** @description Maximum number of items */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of API keys */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description The address of the next page, as `rel="next"` (RFC 8288); absent on the last */
                    readonly link?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["ApiKey"][];
                        /** @description The `cursor` of the next page. Absent on the last page */
                        readonly cursor?: string;
                    };
                };
            };
        };
    };
    readonly createApiKey: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description Human-readable name of the key
                     * @example ci
                     */
                    readonly name: string;
                    /**
                     * @description Scopes of the key. By default all scopes for workflows and executions
                     * @default [
                     *       "workflows:read",
                     *       "workflows:deploy",
                     *       "executions:run",
                     *       "executions:read",
                     *       "executions:manage"
                     *     ]
                     */
                    readonly scopes?: readonly ("workflows:read" | "workflows:deploy" | "executions:run" | "executions:read" | "executions:manage" | "alerts:manage" | "schedules:manage" | "queues:manage" | "engines:manage" | "secrets:write" | "keys:manage" | "metrics:read" | "components:build")[];
                    /** @description The workflows that the key is restricted to. By default all */
                    readonly workflows?: readonly string[];
                    /**
                     * Format: date-time
                     * @description When the key expires. By default never
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly expiresAt?: string;
                };
            };
        };
        readonly responses: {
            /** @description The new key */
            readonly 201: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description URL for revoking the key */
                    readonly location?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
        };
    };
    readonly revokeApiKey: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The ID of an API key, not the key itself */
                readonly apiKeyId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It is revoked */
            readonly 204: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly getSession: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The session or API key, with its permissions */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    readonly openSession: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @description An API key of this installation */
                    readonly key: string;
                };
            };
        };
        readonly responses: {
            /** @description The session */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description The session cookie */
                    readonly "set-cookie"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    readonly closeSession: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The session was closed */
            readonly 204: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Deletes the session cookie */
                    readonly "set-cookie"?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly getSessionStatus: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The session, if there is one */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SessionStatus"];
                };
            };
        };
    };
    readonly getEngine: {
        readonly parameters: {
            readonly query?: {
                /** @description The language of the workflow */
                readonly language?: "javascript" | "python";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The engine and the URL of its module */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Engine"];
                };
            };
        };
    };
    readonly downloadEngine: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The digest of the engine with the suffix `.wasm` */
                readonly module: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The module, compressed if the request accepts it */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Identifies the module in this encoding */
                    readonly etag?: string;
                    /** @description The module is immutable */
                    readonly "cache-control"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/wasm": unknown;
                };
            };
            /** @description The module matches `If-None-Match` */
            readonly 304: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly listEngines: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The engines */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["InstalledEngine"][];
                    };
                };
            };
        };
    };
    readonly addEngine: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/octet-stream": Blob;
            };
        };
        readonly responses: {
            /** @description The engine */
            readonly 201: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description URL of the engine */
                    readonly location?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["InstalledEngine"];
                };
            };
        };
    };
    readonly getInstalledEngine: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The digest of the engine */
                readonly digest: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The engine */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["InstalledEngine"];
                };
            };
        };
    };
    readonly removeEngine: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The digest of the engine */
                readonly digest: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The engine was removed */
            readonly 204: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly exportEngine: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The digest of the engine */
                readonly digest: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The engine file */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description A file name */
                    readonly "content-disposition"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/octet-stream": unknown;
                };
            };
        };
    };
    readonly listExecutors: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The executors that have reported within 15 seconds */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ExecutorList"];
                };
            };
        };
    };
    readonly getHealth: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The process is alive */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    readonly getReadiness: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Workflows can be deployed and executed */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    readonly getMetrics: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The metrics */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/plain; charset=utf-8": unknown;
                };
            };
        };
    };
    readonly getAbout: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Name, version and URLs */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["About"];
                };
            };
        };
    };
    readonly getErrorPage: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The `code` of a problem */
                readonly code: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description An HTML page */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/html": unknown;
                };
            };
        };
    };
    readonly listAuditLog: {
        readonly parameters: {
            readonly query?: {
                /** @description Only entries of API keys of this name */
                readonly actor?: string;
                /** @description Only entries of this operation */
                readonly action?: "pauseWorkflow" | "resumeWorkflow" | "deleteWorkflow" | "deployWorkflow" | "activateVersion" | "updateVersion" | "discardDraft" | "uploadPackage" | "resolvePackages" | "cancelExecutions" | "pauseExecutions" | "resumeExecutions" | "purgeExecutions" | "forkExecution" | "forkExecutions" | "rescheduleExecution" | "cancelExecution" | "pauseExecution" | "resumeExecution" | "retryExecution" | "retryExecutions" | "purgeExecution" | "startReplayCheck" | "cancelReplayCheck" | "retryFailure" | "forkFailure" | "putAlertRule" | "deleteAlertRule" | "testAlertRule" | "retryAlert" | "setSchedule" | "deleteSchedule" | "pauseSchedule" | "resumeSchedule" | "triggerSchedule" | "backfillSchedule" | "setSettings" | "changeQueue" | "drainQueue" | "purgeQueue" | "setSharedLimit" | "removeSharedLimit" | "setSecret" | "deleteSecret" | "createWebhook" | "rotateWebhook" | "renameWebhook" | "deleteWebhook" | "createApiKey" | "revokeApiKey" | "openSession" | "closeSession" | "addEngine" | "removeEngine" | "operateRestate";
                /** @description Only entries about this workflow and its executions */
                readonly workflow?: string;
                /** @description Only entries of this time or later */
                readonly after?: string;
                /** @description Only entries before this time */
                readonly before?: string;
                /** @description Where the page starts: the opaque `cursor` of the previous page */
                readonly cursor?: string;
                /** @description Maximum number of items */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A page of the log */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description The address of the next page, as `rel="next"` (RFC 8288); absent on the last */
                    readonly link?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["AuditEntry"][];
                        /** @description The `cursor` of the next page. Absent on the last page */
                        readonly cursor?: string;
                    };
                };
            };
        };
    };
    readonly getOpenApiDocument: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description An OpenAPI 3.1 document */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Identifies this document */
                    readonly etag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly openapi: string;
                    } & {
                        readonly [key: string]: unknown;
                    };
                };
            };
            /** @description The document matches `If-None-Match` */
            readonly 304: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
