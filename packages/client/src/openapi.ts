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
         * @description Of those that were deployed.
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
         * @description Its secrets, webhooks and draft go at once. Executions that are under way end under the settings that they have, and can be looked at until they are forgotten, or the name is deployed again: then they, the state and the old versions go. While an execution is under way, the name cannot be deployed. API keys that are bound to the workflow lose it when a key that is bound to none deploys the name again.
         */
        readonly delete: operations["deleteWorkflow"];
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
         * @description Compiles the source, evaluates its top level and makes it the version that new executions get. Executions that have begun finish under the version that they began with. When anything fails, nothing is deployed, and a version that is current stays so.
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
        /** List the versions of a workflow, the newest first */
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
         * @description Nothing else of a version ever changes.
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
         * @description A component of the world in `wit/runtime.wit`, which any host of the component model can run. It is built on the first request, which takes seconds and ends when the caller hangs up. The top level of the workflow is evaluated again for it, without fuel: the operator has to allow that (`DURANIUM_PORTABLE_COMPONENTS=on`).
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
         * @description Of workflows that were deployed, and of those that were not yet.
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
         * @description Over the draft that its writer has seen, and over no other: with `If-Match` and its `ETag`, or with `If-None-Match: *` where there should be none yet. The workflow need not have been deployed.
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
         * @description Begins a durable execution of the current version. Once this is answered, the execution will run to its end, whatever dies meanwhile. With `Prefer: wait=N` the answer is 200 if it ends in time, also where the workflow failed: then `status` is `failed`, and `failure` says why. Its times are then by the clock of the process that waited. Where too many wait, all of them or with the same API key, the answer comes at once, as if there were no `Prefer`, and without `Preference-Applied`.
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
         * List executions, the newest first
         * @description Pages do not shift while executions arrive. `version` and `entry-point` find executions that have begun; they are looked for in the journals of all executions that are kept, so they take longer than the other filters: about 0.2 s for 5,000 executions.
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
    readonly "/executions/{executionId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get an execution with its steps
         * @description All that is known of it: what it was begun with and by whom, each operation with its times, attempts, outcome and size, what it waits for now, and which executions it belongs to.
         */
        readonly get: operations["getExecution"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Forget an execution that has ended
         * @description Removes its input, its result and its steps, which are otherwise kept for 30 days, or as long as the operator or the settings of the workflow say. Its idempotency key begins another one then, which has its id.
         */
        readonly delete: operations["purgeExecution"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
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
         * @description As in the list of its steps, with a result of up to 4 MiB; of a `fetch` with the request. A result that is larger still is left out.
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
    readonly "/executions/{executionId}/callbacks": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List the callbacks that an execution waits for, with their addresses
         * @description Whoever has such an address can answer the callback without an API key, so this needs more than the scope that shows the execution.
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
         * @description Asks the execution to end. It has ended when its status is `cancelled`.
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
         * @description Stops the execution where it is, as soon as the operations that run have ended. Its status is then `paused`, and it goes on when it is resumed.
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
         * @description Lets a paused execution go on, and one that waits for its next attempt try at once.
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
         * Begin again with the same input
         * @description Begins a new execution with the entry point and payload of one that has ended: from the start, or from the step that failed.
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
         * @description Retries the executions that match, except those that have been retried before. The answer lists each with its retry, or with the reason why there is none; one that cannot be retried does not stop the others. Where the server fails or is overloaded half-way, the execution at which that happened is the last of the answer. To preview the selection, list executions with the same filter and `retried=false`.
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
         * @description The workflow gets it from `ctx.waitForEvent(name)`: events are kept until they are waited for, and those of one name are delivered in the order in which they were sent.
         */
        readonly post: operations["sendEvent"];
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
         * @description Executions are held to `egress` from their next request on, those under way too. `traceparent` and `limits` are for executions that begin afterwards, `limits` for deploys as well. `retentionHours` is for executions that have ended already, too; who changes it removes executions, and needs the scope `executions:manage` as well.
         */
        readonly put: operations["setSettings"];
        readonly post?: never;
        readonly delete?: never;
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
         * @description Executions use it from their next request on, those under way too. The workflow gets a placeholder from `ctx.secrets`; the value is put in when a request leaves for one of the hosts.
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
        /** List the webhooks of a workflow, without their addresses */
        readonly get: operations["listWebhooks"];
        readonly put?: never;
        /**
         * Make an address that executes a workflow
         * @description Whoever has the address can execute the workflow: it needs no API key. It is told this once.
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
         * Give a webhook another address
         * @description The one before executes nothing any more.
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
        /** Remove a webhook */
        readonly delete: operations["deleteWebhook"];
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
         * Confirm the address of a webhook to a system that is about to post there
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
         * List what an execution wrote to its console, or follow it
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
         * Answer a callback of an execution
         * @description The address is one that a workflow made with `ctx.createCallback()` and gave away. It needs no API key, and works once: the workflow gets the payload, and goes on.
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
         * @description The answer holds the key. It is kept as a hash only, and cannot be told again.
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
         * @description Requests with the key are refused from now on.
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
        /** Tell whose session, or API key, it is */
        readonly get: operations["getSession"];
        readonly put?: never;
        /**
         * Log in with an API key
         * @description Sets a cookie that no script can read, which stands in for the key on all routes. What changes something takes it from the page of this server only.
         */
        readonly post: operations["openSession"];
        /**
         * Log out
         * @description Also where the session is over already.
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
         * Tell whether somebody is logged in
         * @description Looks at the cookie of the session and at no API key, for the page: `GET /session` refuses whoever is nobody.
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
        /** Get the engine that workflows are deployed with */
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
    readonly "/healthz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Whether the process lives */
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
        /** Whether workflows can be deployed and executed */
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
         * What this process measures of itself
         * @description In the text format of Prometheus. Each process has its own: scrape every one of an installation.
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
        /** What answers here, and where to go on */
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
         * What an error means, and what to do about it
         * @description The `type` of each problem document is the address of such a page.
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
         * List who changed what, the newest first
         * @description Every change that was made over this API, and every one that a key was not allowed to make.
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
        /** This document */
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
        /** @description A workflow of one file */
        readonly DeployOneFile: {
            /** @description TypeScript, or JavaScript, that exports `run` */
            readonly source: string;
            /**
             * @description What the file is called in stack traces
             * @default workflow.ts
             * @example lib/tax.ts
             */
            readonly entry?: string;
            /** @description Packages by their names, each with its exact version, that are taken from those of the installation (`DURANIUM_PACKAGES_DIR`) */
            readonly dependencies?: {
                readonly [key: string]: string;
            };
            /** @description What this version changes, and why: plain text for people, shown in lists of versions */
            readonly note?: string;
        };
        /** @description A workflow of several files */
        readonly DeployFiles: {
            /** @description Texts by their relative paths */
            readonly files: {
                readonly [key: string]: string;
            };
            /**
             * @description The file that exports `run`. May be left out where there is one file only
             * @example lib/tax.ts
             */
            readonly entry?: string;
            /** @description Packages by their names, each with its exact version, that are taken from those of the installation (`DURANIUM_PACKAGES_DIR`) */
            readonly dependencies?: {
                readonly [key: string]: string;
            };
            /** @description What this version changes, and why: plain text for people, shown in lists of versions */
            readonly note?: string;
        };
        readonly UpdateVersion: {
            /** @description The new note; an empty one removes it */
            readonly note: string;
        };
        /** @description The files of a draft */
        readonly DraftFiles: {
            /** @description Texts by their relative paths */
            readonly files: {
                readonly [key: string]: string;
            };
            /**
             * @description The file that exports `run`. May be left out where there is one file only
             * @example lib/tax.ts
             */
            readonly entry?: string;
            /** @description Packages by their names, each with its exact version, that are taken from those of the installation (`DURANIUM_PACKAGES_DIR`) */
            readonly dependencies?: {
                readonly [key: string]: string;
            };
        };
        /**
         * @description Where an execution is. `completed`, `failed` and `cancelled` are final; `retrying` and `paused` mean that something on the server's side failed, not the workflow
         * @enum {string}
         */
        readonly ExecutionStatus: "scheduled" | "running" | "suspended" | "retrying" | "paused" | "completed" | "failed" | "cancelled";
        readonly WorkflowSettings: {
            /** @description Without it the workflow reaches whatever the operator lets out */
            readonly egress?: {
                /**
                 * @description The only hosts that the workflow may fetch from: `api.example.com`, `*.example.com`, `api.example.com:8443`. HTTPS, unless `http://` is in front. An empty list lets nothing out
                 * @example [
                 *       "api.stripe.com",
                 *       "*.example.com"
                 *     ]
                 */
                readonly allow: readonly string[];
                /** @description Without it: all */
                readonly methods?: readonly string[];
            };
            /**
             * @description What its executions may use, as far as the operator allows. What is not set has its default
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
             * @description How many hours after their end its executions are removed: input, result, steps and console lines. Without it they are kept as long as the operator keeps executions
             * @example 72
             */
            readonly retentionHours?: number;
            /** @description Whether the fetches of executions that begin from now on send a `traceparent` header, by which the servers that they reach continue the trace of the execution. Without it they send none */
            readonly traceparent?: boolean;
        };
        readonly Workflow: {
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * @description The version that new executions get. Absent until the first deploy is done
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
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /** @description Its last executions, the newest first, where `recent` asks for them */
            readonly recent?: readonly {
                /**
                 * @description The id of an execution, which is Restate's invocation id
                 * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
                 */
                readonly executionId: string;
                readonly status: components["schemas"]["ExecutionStatus"];
                /**
                 * Format: date-time
                 * @description A time with its zone (RFC 3339); in answers in UTC
                 * @example 2026-01-31T09:30:00.000Z
                 */
                readonly createdAt: string;
            }[];
        };
        /** @description An error (RFC 9457) */
        readonly Problem: {
            /**
             * @description The address of a page that explains the kind of problem, relative to the API; its last part is `code`
             * @example /errors/workflow-not-found
             */
            readonly type: string;
            /** @description The kind of problem in words */
            readonly title: string;
            /** @description The status of the answer */
            readonly status: number;
            /** @description What could not be done, and to what */
            readonly detail: string;
            /** @description The path of the request; for failures of the server a `urn:uuid:` under which its log has the details */
            readonly instance?: string;
            /**
             * @description Stable name of the error
             * @enum {string}
             */
            readonly code: "invalid-json" | "invalid-request" | "invalid-workflow-id" | "invalid-entry-point" | "invalid-event-name" | "invalid-cursor" | "malformed-http" | "unauthenticated" | "signature-invalid" | "signature-expired" | "forbidden" | "cross-site" | "route-not-found" | "workflow-name-in-use" | "workflow-not-found" | "version-not-found" | "execution-not-found" | "step-not-found" | "callback-not-found" | "webhook-not-found" | "secret-not-found" | "draft-not-found" | "api-key-not-found" | "method-not-allowed" | "request-timeout" | "execution-ended" | "execution-not-started" | "execution-not-ended" | "no-failed-step" | "callback-already-used" | "too-many-events" | "too-many-log-streams" | "draft-conflict" | "precondition-required" | "idempotency-conflict" | "body-too-large" | "unsupported-media-type" | "rate-limited" | "headers-too-large" | "compile-failed" | "missing-run" | "evaluation-failed" | "evaluation-timeout" | "evaluation-out-of-memory" | "evaluation-out-of-fuel" | "bundle-too-large" | "compiler-crashed" | "workflow-failed" | "workflow-stalled" | "out-of-memory" | "out-of-fuel" | "sandbox-crashed" | "guest-protocol-violated" | "limit-exceeded" | "journal-full" | "reused-steps-unavailable" | "cancelled" | "turn-timeout" | "worker-lost" | "executor-crashed" | "engine-unavailable" | "protocol-unsupported" | "artifact-corrupt" | "artifact-missing" | "overloaded" | "not-ready" | "restate-unavailable" | "portable-builds-disabled" | "internal";
            /** @description For requests that do not have the expected form: each rule that is broken, and where; the first 50 */
            readonly errors?: readonly components["schemas"]["FieldError"][];
            /** @description For sources that do not compile or evaluate, and for JSON bodies whose syntax error has a position */
            readonly diagnostics?: readonly components["schemas"]["Diagnostic"][];
            /**
             * Format: date-time
             * @description For `draft-conflict`: when that was saved
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly updatedAt?: string;
            /** @description For `draft-conflict`: by whose API key */
            readonly updatedBy?: string;
            /** @description For `not-ready`: what is not */
            readonly problems?: readonly string[];
        };
        /** @description One rule that a part of the request breaks */
        readonly FieldError: {
            /** @description Which rule is broken */
            readonly detail: string;
            /**
             * @description Where in the body: a JSON pointer (RFC 6901) as the fragment of a URI; `#` is all of it
             * @example #/egress/allow/0
             */
            readonly pointer?: string;
            /** @description Which parameter of the query or the path */
            readonly parameter?: string;
            /** @description Which header */
            readonly header?: string;
        };
        /** @description Where something is wrong in what was sent */
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
            /** @description The line of source that `line` names */
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
             * @description Digest of the engine that made the image and runs it
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly engineDigest: string;
            /**
             * @description Digest of the source as one script
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly bundleDigest: string;
            /** @description The protocol between the image and its host */
            readonly protocolVersion: number;
            readonly sizes: {
                readonly sourceBytes: number;
                readonly bundleBytes: number;
                /** @description As stored, compressed */
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
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly deployedAt: string;
            /** @description What its author says about it: plain text */
            readonly note?: string;
            /** @description Whether the version before has the same source */
            readonly unchanged: boolean;
            /** @description What the source asks for and does not get, such as options of its `tsconfig.json` */
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
             * @description Digest of the engine that made the image and runs it
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly engineDigest: string;
            /**
             * @description Digest of the source as one script
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly bundleDigest: string;
            /** @description The protocol between the image and its host */
            readonly protocolVersion: number;
            readonly sizes: {
                readonly sourceBytes: number;
                readonly bundleBytes: number;
                /** @description As stored, compressed */
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
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly deployedAt: string;
            /** @description What its author says about it: plain text */
            readonly note?: string;
            /** @description Whether new executions get this version */
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
             * @description Digest of the engine that made the image and runs it
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly engineDigest: string;
            /**
             * @description Digest of the source as one script
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly bundleDigest: string;
            /** @description The protocol between the image and its host */
            readonly protocolVersion: number;
            readonly sizes: {
                readonly sourceBytes: number;
                readonly bundleBytes: number;
                /** @description As stored, compressed */
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
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly deployedAt: string;
            /** @description What its author says about it: plain text */
            readonly note?: string;
            /** @description Whether new executions get this version */
            readonly current: boolean;
            readonly source: {
                /**
                 * @description The file that exports `run`
                 * @example workflow.ts
                 */
                readonly entry: string;
                /** @description Texts by their relative paths */
                readonly files: {
                    readonly [key: string]: string;
                };
                /** @description Packages of the installation, by their exact versions */
                readonly dependencies?: {
                    readonly [key: string]: string;
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
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly updatedAt: string;
            /**
             * @description The name of the API key that saved it
             * @example ci
             */
            readonly updatedBy: string;
        };
        /** @description What somebody writes and has not deployed */
        readonly Draft: {
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly updatedAt: string;
            /**
             * @description The name of the API key that saved it
             * @example ci
             */
            readonly updatedBy: string;
            /** @description Texts by their relative paths */
            readonly files: {
                readonly [key: string]: string;
            };
            /**
             * @description The file that exports `run`
             * @example lib/tax.ts
             */
            readonly entry: string;
            /** @description Packages by their names, each with its exact version, that are taken from those of the installation (`DURANIUM_PACKAGES_DIR`) */
            readonly dependencies?: {
                readonly [key: string]: string;
            };
        };
        readonly EndedExecution: {
            /**
             * @description The id of an execution, which is Restate's invocation id
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly executionId: string;
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * @description Absent until the execution has begun
             * @example 3
             */
            readonly version?: number;
            /**
             * @description A name that the workflow finds in `ctx.entryPoint`
             * @example order-created
             */
            readonly entryPoint?: string;
            readonly status: components["schemas"]["ExecutionStatus"];
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly modifiedAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly completedAt?: string;
            /** @description What the workflow returned: any JSON */
            readonly result?: unknown;
            /** @description For `failed` and `cancelled` */
            readonly failure?: components["schemas"]["Failure"];
        };
        /** @description Why something failed. `cause` is that of the error, at most 5 in a row, and `errors` are the first 10 of an `AggregateError` */
        readonly Failure: {
            /** @example TypeError */
            readonly name: string;
            readonly message: string;
            /** @description A stable code where there is one */
            readonly code?: string;
            /** @description Frames in the author's files, one a line */
            readonly stack?: string;
            readonly cause?: components["schemas"]["Failure"];
            readonly errors?: readonly components["schemas"]["Failure"][];
        };
        readonly StartedExecution: {
            /**
             * @description The id of an execution, which is Restate's invocation id
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
             * @description The id of an execution, which is Restate's invocation id
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly executionId: string;
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * @description Absent until the execution has begun
             * @example 3
             */
            readonly version?: number;
            /**
             * @description A name that the workflow finds in `ctx.entryPoint`
             * @example order-created
             */
            readonly entryPoint?: string;
            readonly status: components["schemas"]["ExecutionStatus"];
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly modifiedAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly completedAt?: string;
            readonly failure?: components["schemas"]["FailureSummary"];
        };
        /** @description Why it failed or was cancelled, or why its last attempt failed while the status is `retrying` or `paused`. The message has 300 characters at most; `getExecution` has all of it, with its stack */
        readonly FailureSummary: {
            /** @example TypeError */
            readonly name: string;
            readonly message: string;
        };
        readonly Execution: {
            /**
             * @description The id of an execution, which is Restate's invocation id
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly executionId: string;
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * @description Absent until the execution has begun
             * @example 3
             */
            readonly version?: number;
            /**
             * @description A name that the workflow finds in `ctx.entryPoint`
             * @example order-created
             */
            readonly entryPoint?: string;
            readonly status: components["schemas"]["ExecutionStatus"];
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly modifiedAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly completedAt?: string;
            /** @description Absent where it was not begun over the API; of a retry, who asked for the first one */
            readonly caller?: components["schemas"]["Caller"];
            /** @description The execution that called it, or sent it off */
            readonly parent?: components["schemas"]["RelatedExecution"];
            /** @description Those that it called or sent off */
            readonly children: readonly components["schemas"]["RelatedExecution"][];
            /**
             * @description The execution that it retries
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly retryOf?: string;
            /** @description Its retries, the newest first */
            readonly retries: readonly string[];
            /** @description The payload: any JSON */
            readonly input: unknown;
            /** @description What the workflow returned: any JSON */
            readonly result?: unknown;
            /** @description For `failed` and `cancelled` */
            readonly failure?: components["schemas"]["Failure"];
            /** @description Why the last attempt failed, while the status is `retrying` or `paused` */
            readonly lastFailure?: components["schemas"]["AttemptFailure"];
            /**
             * @description What it waits for now, for people. While it runs, also what the workflow has given up meanwhile
             * @example [
             *       "event \"approved\" until 2026-01-31T09:30:00.000Z",
             *       "call order-sync"
             *     ]
             */
            readonly waitingFor: readonly string[];
            /** @description 1 where nothing went wrong */
            readonly attempts: number;
            /**
             * @description What it has computed, in units of fuel. Known a moment after it has ended; absent where it was killed, or where the executor was just then
             * @example 412000
             */
            readonly fuelUsed?: number;
            readonly steps: readonly components["schemas"]["Step"][];
        };
        /** @description The API key with which an execution was asked for */
        readonly Caller: {
            readonly id: string;
            /** @example ci */
            readonly name: string;
        };
        readonly RelatedExecution: {
            /**
             * @description The id of an execution, which is Restate's invocation id
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
            /** @description A stable code where there is one */
            readonly code?: string;
            /** @description Frames in the author's files, one a line */
            readonly stack?: string;
            readonly hint: string;
            /** @description Attempts so far */
            readonly attempts: number;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly nextAttemptAt?: string;
        };
        /** @description One operation of an execution */
        readonly Step: {
            /** @description Its place in Restate's journal */
            readonly index: number;
            /** @example fetch */
            readonly operation: string;
            /** @example fetch GET https://api.example.com/orders */
            readonly name: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly startedAt?: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly endedAt?: string;
            /**
             * @description `abandoned`: it had no result when its execution ended, and gets none
             * @enum {string}
             */
            readonly outcome: "pending" | "succeeded" | "failed" | "abandoned";
            /**
             * @description Its result is that of the execution which this one retries; it was not done again
             * @constant
             */
            readonly reused?: true;
            /** @description How often it was tried, where that was more than once: a `fetch` with `retry` */
            readonly attempts?: number;
            /** @description Each of these attempts */
            readonly attemptHistory?: readonly components["schemas"]["FetchAttempt"][];
            /** @description What a `fetch` sent; absent until it has ended, and where its result is too large to be shown */
            readonly request?: components["schemas"]["RequestRecord"];
            /**
             * Format: date-time
             * @description When a sleep or a timer is over
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly wakesAt?: string;
            /** @description The execution that it called or sent off */
            readonly child?: components["schemas"]["RelatedExecution"];
            /** @description Of the response that a `fetch` got, also where that is too large to be shown */
            readonly httpStatus?: number;
            /** @description How much room its result takes in the journal; of a `fetch`, its headers and its body */
            readonly resultBytes?: number;
            /** @description As it was journaled, where it is small enough; `getStep` has larger ones too */
            readonly result?: unknown;
            readonly error?: components["schemas"]["Failure"];
        };
        /** @description One attempt at a `fetch` with `retry` */
        readonly FetchAttempt: {
            readonly durationMs: number;
            /** @description Of the response */
            readonly status?: number;
            /** @description Why there was no response */
            readonly error?: string;
            /** @description The wait after it; absent of the last one */
            readonly waitMs?: number;
        };
        /** @description A request, with names of secrets in place of their values */
        readonly RequestRecord: {
            readonly method: string;
            /** @example https://api.example.com/orders?key=secret_API_KEY */
            readonly url: string;
            /** @description As the workflow set them: at most 64, of 1,024 characters each */
            readonly headers: readonly (readonly [
                string,
                string
            ])[];
            /** @description The size of the whole body */
            readonly bodyBytes: number;
            /** @description The first 16 KiB of the body; absent where there is none, or it is not text */
            readonly body?: string;
        };
        readonly OpenCallbacks: {
            readonly items: readonly {
                /** @description 0, 1, 2… in the order in which they were created */
                readonly callback: number;
                /** @description Whoever has it can answer the callback, once */
                readonly url: string;
                /**
                 * Format: date-time
                 * @description A time with its zone (RFC 3339); in answers in UTC
                 * @example 2026-01-31T09:30:00.000Z
                 */
                readonly createdAt?: string;
            }[];
        };
        readonly ExecutionReference: {
            /**
             * @description The id of an execution, which is Restate's invocation id
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly executionId: string;
        };
        readonly RetriedExecutions: {
            readonly items: readonly {
                /**
                 * @description The one that had ended
                 * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
                 */
                readonly executionId: string;
                /**
                 * @description The new one
                 * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
                 */
                readonly retryExecutionId?: string;
                /** @description Why there is no new one */
                readonly error?: {
                    readonly code: string;
                    readonly detail: string;
                };
            }[];
        };
        readonly SentEvent: {
            /**
             * @description The id of an execution, which is Restate's invocation id
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly executionId: string;
            readonly event: string;
        };
        readonly Secret: {
            /**
             * @description What the workflow finds in `ctx.secrets`
             * @example STRIPE_KEY
             */
            readonly name: string;
            /**
             * @description Where the secret may be sent to: `api.stripe.com`, `*.example.com`, `api.example.com:8443`. HTTPS, unless `http://` is in front
             * @example [
             *       "api.stripe.com"
             *     ]
             */
            readonly hosts: readonly string[];
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly updatedAt: string;
        };
        readonly Webhook: {
            readonly id: string;
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * @description A name that the workflow finds in `ctx.entryPoint`
             * @example order-created
             */
            readonly entryPoint?: string;
            /**
             * @description How the sender signs: Standard Webhooks, GitHub and Meta (`X-Hub-Signature-256`), GitLab's token, Stripe, Slack, Shopify, Linear, Zendesk, Twilio, Zoom, X, or HMAC-SHA-256 of the body in hexadecimal in `X-Signature`. With `none` the address is all that a sender needs
             * @enum {string}
             */
            readonly scheme: "none" | "standard-webhooks" | "github" | "gitlab" | "stripe" | "slack" | "shopify" | "linear" | "zendesk" | "twilio" | "zoom" | "twitter" | "hmac-sha256";
            /**
             * @description What the workflow gets: the `body`, or the `request` as `{method, headers, query, body, rawBody, rawEncoding}`
             * @enum {string}
             */
            readonly payload: "body" | "request";
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
        };
        readonly CreatedWebhook: {
            readonly id: string;
            /**
             * @description The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`
             * @example order-sync
             */
            readonly workflowId: string;
            /**
             * @description A name that the workflow finds in `ctx.entryPoint`
             * @example order-created
             */
            readonly entryPoint?: string;
            /**
             * @description How the sender signs: Standard Webhooks, GitHub and Meta (`X-Hub-Signature-256`), GitLab's token, Stripe, Slack, Shopify, Linear, Zendesk, Twilio, Zoom, X, or HMAC-SHA-256 of the body in hexadecimal in `X-Signature`. With `none` the address is all that a sender needs
             * @enum {string}
             */
            readonly scheme: "none" | "standard-webhooks" | "github" | "gitlab" | "stripe" | "slack" | "shopify" | "linear" | "zendesk" | "twilio" | "zoom" | "twitter" | "hmac-sha256";
            /**
             * @description What the workflow gets: the `body`, or the `request` as `{method, headers, query, body, rawBody, rawEncoding}`
             * @enum {string}
             */
            readonly payload: "body" | "request";
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * @description The address. It is told this once
             * @example https://duranium.example/webhooks/q5EJm0ZUQTyTRkqhGvTFXQ
             */
            readonly url: string;
        };
        readonly RotatedWebhook: {
            /**
             * @description The address. It is told this once
             * @example https://duranium.example/webhooks/q5EJm0ZUQTyTRkqhGvTFXQ
             */
            readonly url: string;
        };
        readonly WebhookExecution: {
            /**
             * @description The id of an execution, which is Restate's invocation id
             * @example inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz
             */
            readonly executionId: string;
        };
        /** @description A line that a workflow wrote to its console */
        readonly LogLine: {
            /** @description 0, 1, 2… in the order of the execution. Where one is missing, a line was lost */
            readonly number: number;
            /** @enum {string} */
            readonly level: "debug" | "info" | "warn" | "error";
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly time: string;
            /**
             * @description The arguments of the call of `console`
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
            /** @description The first characters of the key, to tell keys apart */
            readonly prefix: string;
            /** @description What the key may do */
            readonly scopes: readonly ("workflows:read" | "workflows:deploy" | "executions:run" | "executions:read" | "executions:manage" | "secrets:write" | "keys:manage" | "metrics:read" | "components:build")[];
            /** @description The only workflows that the key is for */
            readonly workflows?: readonly string[];
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly expiresAt?: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly lastUsedAt?: string;
        };
        readonly CreatedApiKey: {
            readonly id: string;
            /** @example ci */
            readonly name: string;
            /** @description The first characters of the key, to tell keys apart */
            readonly prefix: string;
            /** @description What the key may do */
            readonly scopes: readonly ("workflows:read" | "workflows:deploy" | "executions:run" | "executions:read" | "executions:manage" | "secrets:write" | "keys:manage" | "metrics:read" | "components:build")[];
            /** @description The only workflows that the key is for */
            readonly workflows?: readonly string[];
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly expiresAt?: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly lastUsedAt?: string;
            /** @description The key. It is told this once */
            readonly key: string;
        };
        readonly Session: {
            /** @description The id of the API key */
            readonly keyId: string;
            /**
             * @description What people know the key by
             * @example ci
             */
            readonly name: string;
            /** @description What may be done */
            readonly scopes: readonly ("workflows:read" | "workflows:deploy" | "executions:run" | "executions:read" | "executions:manage" | "secrets:write" | "keys:manage" | "metrics:read" | "components:build")[];
            /** @description The only workflows that the key is for */
            readonly workflows?: readonly string[];
            /**
             * Format: date-time
             * @description When it ends at the latest: the session, or the key where the request came with one
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly expiresAt?: string;
        };
        readonly SessionStatus: {
            /** @description The session; `null` where nobody is logged in */
            readonly session: components["schemas"]["Session"] | null;
        };
        readonly Engine: {
            /**
             * @description What the engine is made of
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            readonly digest: string;
            /** @description Of what it and its host say to each other */
            readonly protocolVersion: number;
            /** @description The length of its module when nothing compresses it */
            readonly bytes: number;
            /**
             * @description The address of its WebAssembly module on this server. What is there never changes
             * @example /engine/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.wasm
             */
            readonly url: string;
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
                /** @description Whether versions can be downloaded as WebAssembly components */
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
             * @description A time with its zone (RFC 3339); in answers in UTC
             * @example 2026-01-31T09:30:00.000Z
             */
            readonly at: string;
            /** @description The id of the API key */
            readonly actorId: string;
            /**
             * @description The name of the API key
             * @example ci
             */
            readonly actor: string;
            /**
             * @description The operation, as this document calls it
             * @example deployWorkflow
             */
            readonly action: string;
            /**
             * @description What it was done to
             * @example /workflows/order-sync/deploy
             */
            readonly subject: string;
            /**
             * @description Which workflow it was about, where it was about one or an execution of it
             * @example order-sync
             */
            readonly workflowId?: string;
            /**
             * @description Where the request came from
             * @example 203.0.113.7
             */
            readonly address: string;
            /**
             * @description What was answered; 403 where it was refused
             * @example 201
             */
            readonly status: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /**
         * @description How many requests are left (`r`) until the window ends, in `t` seconds
         * @example "key";r=998;t=10
         */
        readonly RateLimit: string;
        /**
         * @description How many requests there may be (`q`) within `w` seconds
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
                /** @description Only this workflow, if it is there */
                readonly workflow?: string;
                /** @description Where the page begins: the `cursor` of the page before. Made by the list; opaque */
                readonly cursor?: string;
                /** @description How many items at most */
                readonly limit?: number;
                /** @description How many of its last executions each workflow is told with. Needs `executions:read` too */
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
                        /** @description What to pass as `cursor` for the next page. Absent on the last */
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
            /** @description It is gone */
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
    readonly deployWorkflow: {
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
                readonly "application/json": components["schemas"]["DeployOneFile"] | components["schemas"]["DeployFiles"];
                readonly "text/typescript": string;
                readonly "application/typescript": string;
                readonly "text/javascript": string;
                readonly "application/javascript": string;
            };
        };
        readonly responses: {
            /** @description The new version */
            readonly 201: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description The address of the version */
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
                    /** @description The address of the version */
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
                /** @description Where the page begins: the `cursor` of the page before. Made by the list; opaque */
                readonly cursor?: string;
                /** @description How many items at most */
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
                        /** @description What to pass as `cursor` for the next page. Absent on the last */
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
                    /** @description A file name for it */
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
                /** @description Where the page begins: the `cursor` of the page before. Made by the list; opaque */
                readonly cursor?: string;
                /** @description How many items at most */
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
                        /** @description What to pass as `cursor` for the next page. Absent on the last */
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
            /** @description What is written and not deployed */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Names this state of the draft, for `If-Match` */
                    readonly etag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Draft"];
                };
            };
            /** @description It is still what `If-None-Match` names */
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
                /** @description The `ETag` of the draft that this one is written over; `*` for whichever is there */
                readonly "if-match"?: string;
                /** @description `*` where there should be no draft yet */
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
            /** @description It is saved */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Names this state of the draft, for `If-Match` */
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
            /** @description It is gone */
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
    readonly executeWorkflow: {
        readonly parameters: {
            readonly query?: {
                readonly "entry-point"?: string;
            };
            readonly header?: {
                /** @description `wait=N` (RFC 7240) waits up to N seconds, 300 at most, for the execution to end. `Preference-Applied` says how long was agreed to */
                readonly prefer?: string;
                /** @description A request with a key that this workflow has seen begins nothing: it is answered with the first one's execution. With or without quotes it is the same key */
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
            /** @description It ended in time */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description The address of the execution */
                    readonly location?: string;
                    /** @description `wait=N`, where the request asked for it and it was waited */
                    readonly "preference-applied"?: string;
                    /** @description `true` where the idempotency key was known, and nothing was begun */
                    readonly "idempotency-replayed"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["EndedExecution"];
                };
            };
            /** @description It is under way */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description The address of the execution */
                    readonly location?: string;
                    /** @description `wait=N`, where the request asked for it and it was waited */
                    readonly "preference-applied"?: string;
                    /** @description `true` where the idempotency key was known, and nothing was begun */
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
                /** @description `false`: only executions that have not been retried; `true`: only those that have been */
                readonly retried?: "true" | "false";
                /** @description Only executions with this status */
                readonly status?: components["schemas"]["ExecutionStatus"];
                /** @description Only executions of this version */
                readonly version?: number;
                /** @description Only executions of this one */
                readonly "entry-point"?: string;
                /** @description Only executions created then or later */
                readonly "created-after"?: string;
                /** @description Only executions created before */
                readonly "created-before"?: string;
                /** @description Where the page begins: the `cursor` of the page before. Made by the list; opaque */
                readonly cursor?: string;
                /** @description How many items at most */
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
                        /** @description What to pass as `cursor` for the next page. Absent on the last */
                        readonly cursor?: string;
                    };
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
            /** @description It is forgotten */
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
            /** @description The callbacks without an answer */
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
            /** @description It will be cancelled */
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
            /** @description It will be paused */
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
            /** @description It goes on */
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
                     * @description Where the new execution begins: at the start; or at the step that failed, with the results, events and callbacks of all that had come before. Nothing that had ended is done again
                     * @default start
                     * @enum {string}
                     */
                    readonly from?: "start" | "failed-step";
                    /**
                     * @description Whether it runs the version of the old one, or the one that is current now
                     * @default same
                     * @enum {string}
                     */
                    readonly version?: "same" | "current";
                };
            };
        };
        readonly responses: {
            /** @description The new execution is under way */
            readonly 202: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description The address of the new execution */
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
                     * @description Where the new execution begins: at the start; or at the step that failed, with the results, events and callbacks of all that had come before. Nothing that had ended is done again
                     * @default start
                     * @enum {string}
                     */
                    readonly from?: "start" | "failed-step";
                    /**
                     * @description Whether it runs the version of the old one, or the one that is current now
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
                    /** @description Only these executions, as far as they match the other filters */
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
                     * @description Only executions of this one
                     * @example order-created
                     */
                    readonly entryPoint?: string;
                    /**
                     * Format: date-time
                     * @description Only executions created then or later
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly createdAfter?: string;
                    /**
                     * Format: date-time
                     * @description Only executions created before
                     * @example 2026-01-31T09:30:00.000Z
                     */
                    readonly createdBefore?: string;
                    /**
                     * @description How many at most, the newest first. Asking again goes on, as none is retried twice
                     * @default 200
                     */
                    readonly limit?: number;
                };
            };
        };
        readonly responses: {
            /** @description What came of each */
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
            /** @description The execution has it */
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
            /** @description Its settings */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WorkflowSettings"];
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
            /** @description They are set */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WorkflowSettings"];
                };
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
            /** @description Its secrets */
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
                /** @description What the workflow finds in `ctx.secrets` */
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    /** @description The secret. It is never told again */
                    readonly value: string;
                    /**
                     * @description Where the secret may be sent to: `api.stripe.com`, `*.example.com`, `api.example.com:8443`. HTTPS, unless `http://` is in front
                     * @example [
                     *       "api.stripe.com"
                     *     ]
                     */
                    readonly hosts: readonly string[];
                };
            };
        };
        readonly responses: {
            /** @description It is set */
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
                /** @description What the workflow finds in `ctx.secrets` */
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It is gone */
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
            /** @description Its webhooks */
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
                     * @description A name that the workflow finds in `ctx.entryPoint`
                     * @example order-created
                     */
                    readonly entryPoint?: string;
                    /**
                     * @description How the sender signs: Standard Webhooks, GitHub and Meta (`X-Hub-Signature-256`), GitLab's token, Stripe, Slack, Shopify, Linear, Zendesk, Twilio, Zoom, X, or HMAC-SHA-256 of the body in hexadecimal in `X-Signature`. With `none` the address is all that a sender needs
                     * @default none
                     * @enum {string}
                     */
                    readonly scheme?: "none" | "standard-webhooks" | "github" | "gitlab" | "stripe" | "slack" | "shopify" | "linear" | "zendesk" | "twilio" | "zoom" | "twitter" | "hmac-sha256";
                    /** @description What the sender signs with. It is never told again */
                    readonly secret?: string;
                    /**
                     * @description What the workflow gets: the `body`, or the `request` as `{method, headers, query, body, rawBody, rawEncoding}`
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
                    /** @description The address to remove it by */
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
                /** @description The id of a webhook, not its token */
                readonly webhookId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The new address */
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
                /** @description The id of a webhook, not its token */
                readonly webhookId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It is gone */
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
                readonly "*/*": string;
            };
        };
        readonly responses: {
            /** @description The answer to a handshake */
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
            /** @description It may post */
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
                /** @description Only lines of these levels: one, or several with commas between them */
                readonly level?: string;
                /** @description Where the page begins: the `cursor` of the page before. Made by the list; opaque */
                readonly cursor?: string;
                /** @description How many items at most */
                readonly limit?: number;
            };
            readonly header?: {
                /** @description With `text/event-stream` the lines come as server-sent events, live */
                readonly accept?: string;
                /** @description For a stream: the number of the last line that was seen */
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
                        /** @description What to pass as `cursor` for the next page. Absent on the last */
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
            /** @description The execution has it */
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
                /** @description Where the page begins: the `cursor` of the page before. Made by the list; opaque */
                readonly cursor?: string;
                /** @description How many items at most */
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
                        /** @description What to pass as `cursor` for the next page. Absent on the last */
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
                     * @description What people know the key by
                     * @example ci
                     */
                    readonly name: string;
                    /**
                     * @description What the key may do. Without it: all that concerns workflows and executions
                     * @default [
                     *       "workflows:read",
                     *       "workflows:deploy",
                     *       "executions:run",
                     *       "executions:read",
                     *       "executions:manage"
                     *     ]
                     */
                    readonly scopes?: readonly ("workflows:read" | "workflows:deploy" | "executions:run" | "executions:read" | "executions:manage" | "secrets:write" | "keys:manage" | "metrics:read" | "components:build")[];
                    /** @description The only workflows that the key is for. Without it: all */
                    readonly workflows?: readonly string[];
                    /**
                     * Format: date-time
                     * @description When the key stops working. Without it: never, until it is revoked
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
                    /** @description The address to revoke it by */
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
                /** @description The id of an API key, not the key itself */
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
            /** @description What it is, and what it may do */
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
                    /** @description The cookie of the session */
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
            /** @description There is no session any more */
            readonly 204: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Removes the cookie */
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
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Its name, and where its module is */
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
                /** @description The digest of the engine, and `.wasm` */
                readonly module: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The module, compressed where the request accepts it */
            readonly 200: {
                headers: {
                    readonly RateLimit: components["headers"]["RateLimit"];
                    readonly "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    /** @description Names the module in this encoding */
                    readonly etag?: string;
                    /** @description It never changes */
                    readonly "cache-control"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/wasm": unknown;
                };
            };
            /** @description It is what `If-None-Match` names */
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
    readonly getHealth: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It does */
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
            /** @description They can */
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
            /** @description The name, the version and the addresses */
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
            /** @description A page for people */
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
                readonly action?: "deleteWorkflow" | "deployWorkflow" | "activateVersion" | "updateVersion" | "discardDraft" | "cancelExecution" | "pauseExecution" | "resumeExecution" | "retryExecution" | "retryExecutions" | "purgeExecution" | "setSettings" | "setSecret" | "deleteSecret" | "createWebhook" | "rotateWebhook" | "deleteWebhook" | "createApiKey" | "revokeApiKey" | "openSession" | "closeSession" | "operateRestate";
                /** @description Only entries about this workflow and its executions */
                readonly workflow?: string;
                /** @description Only entries of then or later */
                readonly after?: string;
                /** @description Only entries of before */
                readonly before?: string;
                /** @description Where the page begins: the `cursor` of the page before. Made by the list; opaque */
                readonly cursor?: string;
                /** @description How many items at most */
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
                        /** @description What to pass as `cursor` for the next page. Absent on the last */
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
                    /** @description Names this document */
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
            /** @description It is still what `If-None-Match` names */
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
