/**
 * Every limit that Duranium enforces, with its unit and its reason. An execution that exceeds a limit through its
 * workflow's own code fails with a code, and tests cover the edges. A workflow's settings may override the limits
 * of `execution-limits.ts`.
 */

const KiB = 1024;
const MiB = 1024 * KiB;

/**
 * Body of a deploy. Restate rejects messages above 32 MiB. The largest generated API clients have 9 to 11 MB of
 * sources.
 */
export const maxDeployBytes = 12 * MiB;

/**
 * Size of a bundle after esbuild. The largest API clients bundle to 9 to 13 MB, and evaluating those needs more
 * than the default memory of an execution.
 */
export const maxBundleBytes = 16 * MiB;

/**
 * Compressed size of a memory image: the stored memory of a workflow after its top level has run. Each version
 * keeps its own image, and each execution starts from it.
 */
export const maxImageBytes = 24 * MiB;

/** Files in one deploy. Generated API clients have one file per type, up to 2,700. */
export const maxDeployFiles = 4_000;

/** Packages that a deploy may request by name. Their own dependencies do not count. */
export const maxDependencies = 100;

/** A payload. It is journaled once and retained as long as the execution. */
export const maxPayloadBytes = 4 * MiB;

/** Size above which a payload counts as large: accepting one costs CPU time in proportion to its size. */
export const largePayloadBytes = 64 * KiB;

/** Bytes of large payloads that one workflow accepts per second. Further ones are delayed. */
export const maxPayloadBytesPerSecond = 2 * MiB;

/**
 * Longest delay of a large payload. One that would wait longer is rejected, because a waiting request holds memory
 * and one of the request slots.
 */
export const maxPayloadWaitMs = 30_000;

/**
 * JSON of up to this many characters is validated on the main thread, which takes a millisecond or two. Longer
 * texts are validated on a worker thread.
 */
export const maxInlineJsonLength = 64 * KiB;

/** Result of a workflow. */
export const maxResultBytes = 4 * MiB;

/** Body of any other API request: small JSON objects. */
export const maxRequestBytes = 64 * KiB;

/** Text of a failure as the guest sends it. */
export const maxFailureBytes = 64 * KiB;

/** Length of a failure's chain of causes. Deeper causes are omitted. */
export const maxFailureCauses = 5;

/** Errors of an `AggregateError` that a failure includes. Later ones are omitted. */
export const maxFailureErrors = 10;

/** One console line with all of its arguments. */
export const maxLogLineBytes = 16 * KiB;

/** Console lines stored per execution. Later lines are dropped, and the last stored line says so. */
export const maxLogLinesPerExecution = 10_000;

/** Total size as JSON of the console lines stored per execution. */
export const maxLogBytesPerExecution = 4 * MiB;

/** Console lines of all executions that wait to be stored. While the queue is full, further lines are lost. */
export const maxQueuedLogLines = 20_000;

/** Total size as JSON of the queued console lines. */
export const maxQueuedLogBytes = 64 * MiB;

/** Console lines stored in one transaction, so that a transaction stays in the order of 10 ms. */
export const maxLogBatchLines = 1_000;

/**
 * Total size as JSON of the console lines in one transaction. The main thread copies this much for the writer
 * thread.
 */
export const maxLogBatchBytes = MiB;

/** How long console lines wait to be stored together with others, unless an execution ends first. */
export const logBatchDelayMs = 50;

/**
 * How long a completed execution waits for its console lines to be stored. After that they are stored in the
 * background.
 */
export const logFlushTimeoutMs = 2_000;

/** Executions whose console lines are known to be stored, so that a replay does not emit them again. */
export const maxRememberedLogs = 10_000;

/** Interval between the sweeps for console lines of executions that Restate has purged. */
export const logSweepIntervalMs = 60_000;

/** Executions that each sweep checks. */
export const maxSweptExecutions = 200;

/** Default retention of completed executions and their idempotency keys, in days. */
export const defaultRetentionDays = 30;

/** Maximum retention that an operator can configure, in days. Each list reads all retained executions. */
export const retentionCeilingDays = 3_650;

/**
 * Minimum retention that a workflow's settings can configure, in hours. Clients resend requests with their
 * idempotency keys within this time, and signed webhooks are accepted for `webhookToleranceMs`: neither may start
 * an execution twice.
 */
export const minRetentionHours = 1;

/** Interval between the sweeps for executions that have exceeded the retention of their workflow. */
export const retentionSweepIntervalMs = 5 * 60_000;

/** Workflows whose expired executions one query covers. */
export const maxSweptWorkflows = 50;

/** Executions that one query returns for purging. */
export const maxPurgedExecutions = 1_000;

/** Concurrent purge requests to Restate. */
export const maxConcurrentPurges = 16;

/** Usage records outlive their execution by this long, unless they are removed with it. */
export const usageGraceMs = 24 * 60 * 60 * 1_000;

/** Usage records removed per sweep. */
export const maxSweptUsages = 20_000;

/** Interval between polls for new console lines of executions with open log streams. */
export const logPollIntervalMs = 250;

/** Concurrent log streams per process. Each poll of a stream takes about 0.3 ms, so this many use half a core. */
export const maxLogStreams = 400;

/** Concurrent log streams per API key, so that one key cannot use up all of them. */
export const maxLogStreamsPerKey = 100;

/** Concurrent log streams per execution. */
export const maxLogStreamsPerExecution = 40;

/**
 * Idle time after which an event stream sends a comment. Proxies close connections that are silent for a minute.
 */
export const eventStreamKeepAliveMs = 15_000;

/** Arguments of a host call without its body: a payload for another workflow, and the fields around it. */
export const maxCallArgumentBytes = maxPayloadBytes + 64 * KiB;

/** Body of an event or a callback. It is journaled and retained as long as the execution. */
export const maxEventBytes = 1 * MiB;

/** Events per execution, received by the workflow or not. Each is an entry of its journal. */
export const maxEventsPerExecution = 10_000;

/**
 * Total size of the events and callbacks per execution. They stay in its journal, which is read as a whole to show
 * it.
 */
export const maxPostedBytesPerExecution = 32 * MiB;

/**
 * Requests that wait for the lookup of a callback signed with a removed master key. Each lookup reads a journal and
 * needs no API key.
 */
export const maxCallbackLookupsWaiting = 20;

/** Key of `ctx.state`, in UTF-16 code units. */
export const maxStateKeyLength = 256;

/** Value of `ctx.state`, as JSON. Each read of it is journaled. */
export const maxStateValueBytes = 256 * KiB;

/** Keys of `ctx.state` per workflow. One request lists all of them. */
export const maxStateKeys = 10_000;

/** Request body of a workflow's fetch. */
export const maxFetchRequestBytes = 8 * MiB;

/** Data of one HMAC that a workflow requests with a secret. */
export const maxHmacBytes = 8 * MiB;

/** Response body of a workflow's fetch. Its base64 must fit into Restate's messages of 32 MiB. */
export const maxFetchResponseBytes = 16 * MiB;

/** Duration of one fetch, from the DNS lookup to the last byte of the response. */
export const fetchTimeoutMs = 60_000;

/**
 * Characters of a request's URL that the journal records for display. Its name, method and size are always
 * recorded.
 */
export const maxRecordedUrlCharacters = 4_096;
export const maxRecordedHeaders = 64;
export const maxRecordedHeaderCharacters = 1_024;
export const maxRecordedBodyBytes = 16 * KiB;

/** Retries per fetch. */
export const maxFetchRetries = 20;

/**
 * Time after the first attempt of a fetch in which its last attempt may start. That attempt may take
 * `fetchTimeoutMs`, and the fetch still ends before Restate's abort timeout of two minutes (`restate.toml`), which
 * would restart it.
 */
export const maxFetchRetryMs = 50_000;

/** Timeout of one DNS query. */
export const dnsTimeoutMs = 2_000;

/** How often a query is sent to each name server. */
export const dnsTries = 2;

/** Concurrent DNS lookups. */
export const maxLookups = 256;

/** Concurrent DNS lookups per workflow. Further ones wait. */
export const maxLookupsPerWorkflow = 16;

/**
 * Minimum time that a DNS answer is cached, even if its TTL is shorter, so that a burst of fetches makes one
 * lookup.
 */
export const minDnsTtlMs = 1_000;

/** Maximum time that a DNS answer is cached, even if its TTL is longer. */
export const maxDnsTtlMs = 5 * 60_000;

/** Names in the DNS cache. */
export const maxCachedNames = 1_000;

/** The same limit as in browsers and undici. */
export const maxFetchRedirects = 20;

/** Response headers. Some large sites exceed Node's default of 16 KiB. */
export const maxFetchHeaderBytes = 64 * KiB;

/** Sockets of one workflow to one origin. Its further fetches wait for one of them. */
export const maxFetchConnectionsPerOrigin = 256;

/**
 * Size above which payloads and bodies are compressed in the journal. Smaller ones stay readable in Restate's UI.
 */
export const compressAboveBytes = 64 * KiB;

/** Concurrent fetches of all executions. Each has a socket, or waits for one. */
export const maxFetches = 2_048;

/** Concurrent fetches per workflow. Further ones wait. */
export const maxFetchesPerWorkflow = 256;

/** How long the connections of a workflow without fetches stay open for its next one. */
export const idleAgentTimeoutMs = 10_000;

/** Workflows without fetches whose connections stay open. */
export const maxIdleAgents = 200;

/**
 * Concurrent reads of response bodies above each size, in total and per workflow. A body takes four to six times
 * its size in memory, with its copies as a result and as a message to Restate.
 */
export const bodyMemoryTiers = [
  { overBytes: 64 * KiB, bodies: 64, bodiesPerWorkflow: 32 },
  { overBytes: MiB, bodies: 8, bodiesPerWorkflow: 4 },
] as const;

/** Bytes per second of one workflow's response bodies above the first of those sizes. */
export const maxBodyBytesPerSecond = 16 * MiB;

/** How long a response body waits for permission to be read. */
export const bodyMemoryTimeoutMs = 30_000;

/**
 * Concurrent fetches per execution. Further ones wait, and the wait counts towards their timeout. This is half of
 * the sockets that a workflow has per origin, so that no execution can take all of them.
 */
export const maxConcurrentFetches = 128;

/** Host calls of one execution that wait for their results. The race over them is linear in their number. */
export const maxCallsInFlight = 1_000;

/** Total size of the bodies of those calls. */
export const maxBodyBytesInFlight = 64 * MiB;

/** An id that no call has. `settle` with this id notifies the guest that its turn has ended. */
export const endOfTurnId = 0xff_ff_ff_ff;

/** Host calls per execution. Its replay is linear in their number. */
export const maxCallsPerExecution = 25_000;

/** Maximum that an operator can configure. Replaying this many calls takes minutes. */
export const callsCeiling = 250_000;

/**
 * The payload of an execution with the arguments and results of its host calls. They are retained as long as the
 * execution, and sent to an executor each time that the execution resumes.
 */
export const maxJournalBytes = 64 * MiB;

/** Maximum that an operator can configure. An executor holds the whole journal in memory. */
export const journalCeilingBytes = 1_024 * MiB;

/** Restate supports longer timers, but a workflow that sleeps for more than a year has a bug. */
export const maxSleepMs = 366 * 24 * 60 * 60 * 1_000;

/**
 * Fuel per turn (`src/sandbox/instrumentation/fuel-cost.ts`), about five seconds of a core. The evaluation of a
 * workflow's top level at the deploy has the same budget.
 */
export const maxTurnFuel = 20e9;

/** Fuel of all turns of an execution. A replay spends it again. */
export const maxExecutionFuel = 200e9;

/**
 * Wall-clock timeout of one turn, for what fuel cannot bound, such as a stalled machine. It is far above the time
 * in which a turn spends its fuel.
 */
export const turnTimeoutMs = 60_000;

/** Wall-clock timeout of the evaluation of a workflow's top level at the deploy. */
export const evaluationTimeoutMs = 60_000;

/** How long host calls that a workflow did not await may continue after it has returned. */
export const completionGraceMs = 5_000;

/** How long the host calls of `catch` and `finally` blocks may continue after an execution has been cancelled. */
export const cancellationGraceMs = 20_000;

/**
 * When a cancelled execution that has not ended is killed: its grace period, plus time for a replay up to the
 * cancellation.
 */
export const cancellationTimeoutMs = 36_500;

/** Linear memory of an execution in WebAssembly pages of 64 KiB: 64 MiB. The engine itself takes 9.5 MiB. */
export const maxMemoryPages = 1_024;

/** Maximum memory that an operator can configure for an execution: 512 MiB. It is compiled into the engine. */
export const memoryCeilingPages = 8_192;

/** Timeout of an engine build. Componentize and transpile take 3 to 20 s on an idle machine. */
export const engineBuildTimeoutMs = 240_000;

/** Wall-clock timeout of the build of a portable component. */
export const portableBuildTimeoutMs = 120_000;

/**
 * CPU seconds of the build of a portable component. It takes 5 to 10, and evaluates the workflow's top level
 * without fuel.
 */
export const portableBuildCpuSeconds = 60;

/** Portable components retained, newest first. Each has 13 MiB or more, and is rebuilt on request. */
export const maxStoredComponents = 50;

/**
 * Invocations that a starting executor resumes at once. Each takes a request. Restate resumes the others after
 * their back-off.
 */
export const maxResumedInvocations = 10_000;

/** Executions whose version is cached for requests that wait for their end: a megabyte or two. */
export const maxRememberedVersions = 10_000;

/** Maximum of `Prefer: wait=N`, in seconds. */
export const maxWaitSeconds = 300;

/** Nesting depth of JSON in requests. Serializers recurse on a finite stack, and real documents stay below 100. */
export const maxJsonDepth = 256;

/** Default page size of a list. */
export const defaultPageItems = 50;

/** Maximum page size of a list. */
export const maxPageItems = 200;

/**
 * Characters of an error message in a list of executions: enough to recognise the error, while a page stays small.
 */
export const maxListedFailureCharacters = 300;

/** Latest executions that a list of workflows includes for each workflow. */
export const maxRecentExecutions = 50;

/** Length of a cursor in a request. Duranium's cursors are far shorter. */
export const maxCursorLength = 512;

/** Validation errors in one response: more than any form has fields. */
export const maxFieldErrors = 50;

/** Characters of one validation error and of its path, because it may quote the request. */
export const maxFieldErrorLength = 300;

/** Journal entry of one step when that step is requested on its own: as much as a browser can show as a tree. */
export const maxStepBytes = 4 * MiB;

/** Note of a version, in characters: a few paragraphs, because each item of a list of versions includes it. */
export const maxVersionNoteLength = 2_000;

/** Path of a file in a deploy. Common file systems have the same limit. */
export const maxFileNameLength = 255;

/** Human-readable name of an API key. */
export const maxApiKeyNameLength = 100;

/** Value of a secret. An RSA key of 4096 bits has 3 KiB as PEM. */
export const maxSecretBytes = 16 * KiB;

/**
 * Total size of the secrets that one request sends. The response is searched for about twenty encodings of each.
 */
export const maxRevealedSecretBytes = 32 * KiB;

/** Minimum length of a secret. A shorter one would occur in, and be redacted from, unrelated responses. */
export const minSecretLength = 8;

/**
 * Maximum difference between the timestamp of a signed webhook and the server's clock. Standard Webhooks and Stripe
 * use the same.
 */
export const webhookToleranceMs = 5 * 60 * 1_000;

/**
 * How long a webhook whose signature covers neither a delivery id nor a timestamp counts as a replay. After that,
 * the same body is a new event.
 */
export const webhookReplayWindowMs = 5 * 60 * 1_000;

/** Form fields and multipart parts of one webhook body. */
export const maxFormFields = 10_000;

/**
 * Challenge that a webhook sender has echoed to verify the URL. Meta sends ten digits, Microsoft Graph a sentence.
 */
export const maxChallengeLength = 1_024;

/** Drafts without a deployed workflow. Each may have `maxDeployBytes`, and no other limit bounds them. */
export const maxDraftsWithoutWorkflow = 200;

/** Retention of audit log entries. */
export const auditRetentionMs = 400 * 24 * 60 * 60 * 1_000;

/** Maximum number of audit log entries, about 300 MiB. */
export const maxAuditRecords = 1_000_000;

/** New audit log entries after which the oldest ones are swept. */
export const auditSweepRecords = 1_000;

/** Hosts in the egress settings of one workflow. */
export const maxEgressHosts = 200;

/** Versions per workflow. The source and the image of each are retained. */
export const maxVersionsPerWorkflow = 5_000;

/** Total size of the distinct images of one workflow. */
export const maxImageBytesPerWorkflow = 8 * 1_024 * 1_024 * 1_024;

/**
 * Minimum age at which an artifact without a version is removed: Restate may record the version days after its
 * artifacts were stored.
 */
export const artifactGraceMs = 7 * 24 * 60 * 60 * 1_000;

/** Interval between the sweeps for such artifacts. */
export const artifactSweepIntervalMs = 6 * 60 * 60 * 1_000;

/** Webhooks per workflow. */
export const maxWebhooksPerWorkflow = 100;

/** Secrets per workflow. */
export const maxSecretsPerWorkflow = 100;

/** Hosts per secret. */
export const maxSecretHosts = 20;

/** A host with its scheme and port. Host names have at most 253 characters (RFC 1035). */
export const maxHostPatternLength = 270;

/** Workflows that one API key may be bound to. Each request is compared with all of them. */
export const maxWorkflowsPerApiKey = 100;

/** As the draft of the `Idempotency-Key` header suggests, and short enough for Restate to store. */
export const maxIdempotencyKeyLength = 255;

/** Length of a Bearer token in a request. Duranium's API keys are far shorter. */
export const maxApiKeyLength = 256;

/** Maximum lifetime of a web UI session. */
export const sessionLifetimeMs = 7 * 24 * 60 * 60 * 1_000;

/** Idle timeout of a web UI session: a session survives a night, but not a weekend. */
export const sessionIdleMs = 16 * 60 * 60 * 1_000;

/** Concurrent sessions per API key. The least recently used one is removed first. */
export const maxSessionsPerApiKey = 100;

/** Length of a session token in a request. Duranium's tokens have 43 characters. */
export const maxSessionTokenLength = 64;

/** How long a browser may cache a CORS preflight response. No browser caches it for longer. */
export const corsMaxAgeSeconds = 24 * 60 * 60;

/** Subject of an audit log entry: a path, and Duranium's are shorter. Rejected requests are recorded too. */
export const maxAuditSubjectLength = 300;

/** Executions that are queued and have not started. Restate stores them, so this limit bounds bursts only. */
export const maxWaitingExecutions = 1_000;

/**
 * How long the oldest queued execution may have waited before new executions are rejected, since they would wait
 * longer.
 */
export const maxStartDelayMs = 5_000;

/** How long an execution may be queued before Restate is polled for whether it has started on another executor. */
export const backlogPollAfterMs = 1_000;

/**
 * Number of queued executions above which Restate is polled as well: an API without an executor queues this many in
 * a moment, and other executors start them.
 */
export const backlogPollAboveExecutions = 200;

/** Interval of those polls. Each reads the status of a few executions. */
export const backlogPollIntervalMs = 250;

/** Concurrent requests. Those that wait for the end of an execution are not included. */
export const maxConcurrentRequests = 1_000;

/**
 * Concurrent requests that wait for the end of an execution. Each takes about 50 KiB and a connection to Restate.
 */
export const maxWaitingRequests = 1_000;

/** Waiting requests per API key. Further ones are answered immediately, as without `Prefer: wait`. */
export const maxWaitingRequestsPerKey = 250;

/** Event loop delay of the main thread, averaged over a second, above which new work is rejected. */
export const maxEventLoopDelayMs = 250;

/** Free memory of the machine or its container below which new work is rejected, because it would start to swap. */
export const minFreeMemoryBytes = 128 * MiB;

/**
 * Free space on the file system of the data directory. Restate and SQLite need some to finish the work that was
 * accepted.
 */
export const minFreeDiskBytes = 256 * MiB;

/** Interval at which the event loop delay and the free memory are sampled. */
export const loadSampleIntervalMs = 1_000;

/** Window of the request rate limits. */
export const rateLimitWindowSeconds = 10;

/** Time from the first byte of a request to the end of its headers. */
export const requestHeadersTimeoutMs = 10_000;

/**
 * Time from the first byte of a request to the last byte of its body: 12 MiB at 0.75 Mbit/s. The response may take
 * longer.
 */
export const requestTimeoutMs = 135_000;

/**
 * How long idle connections stay open. Load balancers close theirs after 60 s, and the server must not be the first
 * to close.
 */
export const keepAliveTimeoutMs = 65_000;

/** How long requests in progress may continue once the API is closing. */
export const apiCloseTimeoutMs = 3_000;

/** How long a stopping process waits for effects in flight. Nearly all requests take less. */
export const drainTimeoutMs = 20_000;

/** Bytes that a guest passes to the host in one turn: a large result, or several request bodies. */
export const maxTurnBytes = 32 * MiB;

/** Name of a host operation. The longest one has five letters. */
export const maxOperationNameBytes = 64;

/** Parameters of a computation that a guest requests, as JSON: a few names and numbers. */
export const maxComputeParameterBytes = 1_024;

/** Byte strings in one computation. The longest list, for a private RSA key, has nine. */
export const maxComputeInputs = 16;

/** Console lines per turn. Later lines are dropped, and a line says so. */
export const maxLogLinesPerTurn = 2_000;

/** Instances in use. Each takes 10 to 64 MiB. Further executions wait. */
export const maxInstances = 64;

/** Timers that take part in a race. Each adds to its cost, and timers that fire later cannot win it. */
export const maxRacingTimers = 32;

/** Executions per second that `ctx.send` starts per workflow. Further ones start in a later second. */
export const maxSendsPerSecond = 25;

/**
 * How long an attempt with no effects in flight and no messages from Restate stays active before it is suspended.
 */
export const attemptIdleMs = 5_000;

/**
 * How long an attempt waits for its effects after its input has ended, when the journal may hold more than the
 * attempt has received. Then it is interrupted, which costs a replay.
 */
export const endedInputGraceMs = 1_000;

/** How long effects in flight wait for the next attempt of their execution before they are aborted. */
export const effectAdoptionTimeoutMs = 60_000;

/**
 * How long a waiting execution keeps its instance while others need one. It is replayed when it resumes, which must
 * stay the exception for an execution that waits for a quick answer.
 */
export const instanceYieldAfterMs = 250;

/** Interval at which waiting executions are checked for instances to reclaim. */
export const instanceReclaimIntervalMs = 50;

/**
 * A turn that runs longer blocks the other guests of its thread, so these are moved to another thread. The check
 * runs at this interval, and a turn that started between two checks is noticed late. Most turns take less than a
 * millisecond.
 */
export const longTurnMs = 10;

/**
 * A turn that runs longer lowers its priority: the priority of its thread is reduced, and a new thread replaces it.
 * On a busy machine this takes several times as long in wall-clock time, and until then the turn competes with all
 * others.
 */
export const lowerPriorityAfterMs = 100;

/**
 * Upper bound of the time that a guest takes per unit of fuel. Doubling strings is the slowest, because it mostly
 * waits for memory.
 */
export const slowestFuelNs = 4;

/**
 * First turns of executions, running or waiting, per thread. Most take a millisecond, or ten if an instance has to
 * be created.
 */
export const maxFirstTurnsPerThread = 2;

/** A first turn that takes longer no longer counts among those. */
export const firstTurnMs = 50;

/** Share of one core that the long turns of a workflow may use before the workflow counts as long-running. */
export const longTurnShare = 0.05;

/**
 * How long, after such a turn or after many shorter ones, a workflow is executed on low-priority threads if one of
 * them is free.
 */
export const longWorkflowForMs = 60_000;

/** Workflows that are recorded as long-running, most recent first. */
export const maxLongWorkflows = 1_000;

/**
 * Niceness of low-priority threads, from 0 to 19. With 10, such a thread gets a ninth of the CPU time of each busy
 * neighbour.
 */
export const longTurnNiceness = 10;

/** Threads above the configured number while turns take long. Once all are in use, guests wait for them. */
export const maxExtraThreads = 16;

/** How long an extra thread is kept for the next long turn. */
export const extraThreadTimeoutMs = 60_000;

/** Turns of a guest that are recorded so that another thread can replay them. */
export const maxRememberedTurns = 1_000;

/** Total size of the inputs of those turns. */
export const maxRememberedBytes = MiB;

/** Fuel of those turns: half a second in which the other thread is busy replaying them. */
export const maxRememberedFuel = 1e9;

/** Consecutive crashes in the same turn of an execution after which it is paused. */
export const maxCrashesInOneTurn = 3;

/** How long a crash is recorded. */
export const crashMemoryMs = 7 * 24 * 60 * 60 * 1_000;

/** How long an idle instance waits for its next workflow before its memory is freed. */
export const idleInstanceTimeoutMs = 60_000;

/** Decoded images in memory. A typical one takes 0.6 MiB. */
export const maxCachedImageBytes = 128 * MiB;

/** Text of the cached source maps with which stacks of failures are mapped. */
export const maxCachedSourceMapBytes = 16 * MiB;

/** Concurrent evaluations of deployed workflows, each in its own thread. Further ones wait. */
export const maxConcurrentEvaluations = 4;

/** Native stack of a thread that runs guests. The engine must reach its own limit first. */
export const workerStackMb = 8;

/**
 * Wall-clock timeout of bundling. A bundle takes milliseconds to seconds, and one that takes this long is waiting
 * for the CPU.
 */
export const bundleTimeoutMs = 60_000;

/** CPU seconds of esbuild. A bundle of 5 MB from six large packages takes 1.6. */
export const bundleCpuSeconds = 30;

/** Address space of esbuild. A bundle of 5 MB from six large packages uses 0.4 GiB. */
export const bundleMemoryBytes = 2 * 1024 * MiB;

/** Path of a Unix socket, without its terminating zero: macOS allows 103 bytes, Linux 107. */
export const maxSocketPathBytes = 103;

/**
 * Operators in one query of Restate's UI. Restate crashes on 2,000 in one expression, because its planner recurses
 * over them.
 */
export const maxRestateQueryOperators = 300;
export const maxRestateQueryParentheses = 30;

/** Request of Restate's UI to Restate: a query, or the ids of the invocations to operate on. */
export const maxRestateRequestBytes = MiB;

/** Response of Restate to its UI. A query without a limit would return all journals of the installation. */
export const maxRestateAnswerBytes = 64 * MiB;

/**
 * Time from a request of Restate's UI to the end of its response. Restate drops a query whose client has
 * disconnected.
 */
export const restateRequestTimeoutMs = 60_000;

/** Concurrent requests of Restate's UI, in total and per key. A browser makes six at a time. */
export const maxRestateRequests = 32;
export const maxRestateRequestsPerKey = 12;
