/**
 * Every limit that Duranium holds, with its unit and its reason. A limit that can be met by a workflow's
 * own doing fails it with a code; the tests stand at the edges. Those of `execution-limits.ts` may be another for a
 * workflow whose settings say so.
 */

const KiB = 1024;
const MiB = 1024 * KiB;

/** A deploy's body. Restate refuses messages of 32 MiB. The largest clients of services have 9 to 11 MB of sources. */
export const maxDeployBytes = 12 * MiB;

/**
 * A bundle, after esbuild. Evaluating 800 KB takes 250 ms. The largest clients of services become 9 to 13 MB, and need more
 * than the memory that executions have by default.
 */
export const maxBundleBytes = 16 * MiB;

/**
 * What is stored of a workflow's memory after its top level, compressed. Each version keeps its own, and each execution
 * begins with it.
 */
export const maxImageBytes = 24 * MiB;

/** How many files a deploy may bring. A client that is generated has one for each type: 2,700 are the most that were seen. */
export const maxDeployFiles = 4_000;

/** How many packages a deploy may ask for by name. What they depend on themselves does not count. */
export const maxDependencies = 100;

/** A payload. It is journaled once and kept as long as the execution. */
export const maxPayloadBytes = 4 * MiB;

/** What payloads of more than this size have in common: taking one costs processor time in proportion to its size. */
export const largePayloadBytes = 64 * KiB;

/** Of the large payloads of one workflow. Further ones wait. */
export const maxPayloadBytesPerSecond = 2 * MiB;

/** A payload that would have to wait for longer is refused: it holds memory, and one of the requests that may be in progress at once. */
export const maxPayloadWaitMs = 30_000;

/** Characters of JSON that are checked where they come in, which takes a millisecond or two; longer texts go to a thread. */
export const maxInlineJsonLength = 64 * KiB;

/** What a workflow may return. */
export const maxResultBytes = 4 * MiB;

/** What else is posted to the API: small JSON objects. */
export const maxRequestBytes = 64 * KiB;

/** A failure's text as the guest gives it. */
export const maxFailureBytes = 64 * KiB;

/** Of a failure, one beneath the other: that of the last is left out. */
export const maxFailureCauses = 5;

/** Of an `AggregateError`: the first ones. */
export const maxFailureErrors = 10;

/** One console line, all of its arguments together. */
export const maxLogLineBytes = 16 * KiB;

/** Console lines that are kept of one execution. What is said after them is not, and the last line says so. */
export const maxLogLinesPerExecution = 10_000;

/** Those lines together, as JSON. */
export const maxLogBytesPerExecution = 4 * MiB;

/** Console lines that wait to be stored, of all executions together. Further ones are lost while they do. */
export const maxQueuedLogLines = 20_000;

/** Those lines together, as JSON. */
export const maxQueuedLogBytes = 64 * MiB;

/** Console lines that are stored in one transaction. A transaction of this many takes some 10 ms. */
export const maxLogBatchLines = 1_000;

/** Those lines together, as JSON: what the main thread copies for the one that writes. */
export const maxLogBatchBytes = MiB;

/** How long lines wait for others to be stored with, where no execution ends meanwhile. */
export const logBatchDelayMs = 50;

/** How long an execution that has ended waits for its lines to be stored. They are stored later if this is too short. */
export const logFlushTimeoutMs = 2_000;

/** Executions whose lines are known to be stored: a replay repeats them to nobody. */
export const maxRememberedLogs = 10_000;

/** How often it is looked whether Restate has forgotten executions of which there are lines. */
export const logSweepIntervalMs = 60_000;

/** Executions that are looked at each time. */
export const maxSweptExecutions = 200;

/** How long executions that have ended are kept, with their idempotency keys, where the operator says nothing else. */
export const defaultRetentionDays = 30;

/** The most that an operator may say: all that are kept are looked through for each list. */
export const retentionCeilingDays = 3_650;

/**
 * The least that the settings of a workflow may say. Requests are sent again with their idempotency keys in this time, and
 * signed webhooks for `webhookToleranceMs`: neither may begin anything twice.
 */
export const minRetentionHours = 1;

/** How often it is looked for executions that are older than the settings of their workflow keep them. */
export const retentionSweepIntervalMs = 5 * 60_000;

/** Workflows whose executions are looked for at once. */
export const maxSweptWorkflows = 50;

/** Executions that are found at once, and then purged. */
export const maxPurgedExecutions = 1_000;

/** Requests to Restate to purge one of them, side by side. */
export const maxConcurrentPurges = 16;

/** How much longer than the execution it is kept what that used, where nobody removed it before. */
export const usageGraceMs = 24 * 60 * 60 * 1_000;

/** What is removed of it each time that is looked. */
export const maxSweptUsages = 20_000;

/** How often it is looked whether there are new lines for those who follow an execution. */
export const logPollIntervalMs = 250;

/** Who follow logs in one process at once. Each look takes 0.3 ms, so this many take half a processor. */
export const maxLogStreams = 400;

/** Those among them with one API key: others find room whatever it does. */
export const maxLogStreamsPerKey = 100;

/** Those among them who follow the same execution. */
export const maxLogStreamsPerExecution = 40;

/** Silence on a stream of events after which a comment is sent: proxies drop what is silent for a minute. */
export const eventStreamKeepAliveMs = 15_000;

/** The arguments of a host call, without its body: a payload for another workflow, and what is around it. */
export const maxCallArgumentBytes = maxPayloadBytes + 64 * KiB;

/** What is posted to an execution as an event, or to a callback. It is journaled, and kept as long as the execution. */
export const maxEventBytes = 1 * MiB;

/** Events of one execution in all, awaited or not: each is an entry of its journal. */
export const maxEventsPerExecution = 10_000;

/** Events and callbacks of one execution together: they stay in its journal, which is read as a whole to show it. */
export const maxPostedBytesPerExecution = 32 * MiB;

/** Requests that wait until a callback under a removed master key is looked up: each reads a journal, and needs no key. */
export const maxCallbackLookupsWaiting = 20;

/** A key of `ctx.state`, in UTF-16 code units. */
export const maxStateKeyLength = 256;

/** A value of `ctx.state`, as JSON. Each read of it is journaled. */
export const maxStateValueBytes = 256 * KiB;

/** Keys of one workflow's `ctx.state`. All of them are listed at once. */
export const maxStateKeys = 10_000;

/** The body of a request that a workflow sends. */
export const maxFetchRequestBytes = 8 * MiB;

/** What a workflow has signed with a secret at once. */
export const maxHmacBytes = 8 * MiB;

/** The body of a response that a workflow receives; base64 of it must fit Restate's 32 MiB messages. */
export const maxFetchResponseBytes = 16 * MiB;

/** One fetch, from the look-up of its host to the last byte of its response. */
export const fetchTimeoutMs = 60_000;

/** Of the request of a fetch, what the journal keeps for people to read. Its name, method and size are always kept. */
export const maxRecordedUrlCharacters = 4_096;
export const maxRecordedHeaders = 64;
export const maxRecordedHeaderCharacters = 1_024;
export const maxRecordedBodyBytes = 16 * KiB;

/** Retries of one fetch. */
export const maxFetchRetries = 20;

/**
 * After the first attempt of a fetch, when its last one may begin. With `fetchTimeoutMs` for that one, the
 * fetch ends before Restate's abort timeout of two minutes (`restate.toml`), which would begin it anew.
 */
export const maxFetchRetryMs = 50_000;

/** How long a name server may take for one question. */
export const dnsTimeoutMs = 2_000;

/** How often a question is sent to each name server. */
export const dnsTries = 2;

/** Names that are being looked up at once. */
export const maxLookups = 256;

/** Those of one workflow among them; its further ones wait. */
export const maxLookupsPerWorkflow = 16;

/** The least that an answer of a name server is kept, though it says less: many fetches in a moment ask once. */
export const minDnsTtlMs = 1_000;

/** The most, though it says more. */
export const maxDnsTtlMs = 5 * 60_000;

/** Names whose addresses are kept. */
export const maxCachedNames = 1_000;

/** As browsers and undici do. */
export const maxFetchRedirects = 20;

/** The headers of a response. Node's own 16 KiB are too few for some large sites. */
export const maxFetchHeaderBytes = 64 * KiB;

/** Sockets of one workflow to one origin; its further fetches wait for one of them. */
export const maxFetchConnectionsPerOrigin = 256;

/** Size of a payload or a body above which the journal contains it compressed. Smaller ones stay readable in Restate's UI. */
export const compressAboveBytes = 64 * KiB;

/** Fetches of all executions that are under way at once: each has a socket, or waits for one. */
export const maxFetches = 2_048;

/** Those of one workflow among them; its further ones wait. */
export const maxFetchesPerWorkflow = 256;

/** How long the connections of a workflow without fetches are kept for its next one. */
export const idleAgentTimeoutMs = 10_000;

/** Workflows without fetches whose connections are kept. */
export const maxIdleAgents = 200;

/**
 * Response bodies that are read at once once they are larger than so many bytes, of all workflows and of one. With their
 * copies as a result and as a message to Restate, bodies take four to six times their size.
 */
export const bodyMemoryTiers = [
  { overBytes: 64 * KiB, bodies: 64, bodiesPerWorkflow: 32 },
  { overBytes: MiB, bodies: 8, bodiesPerWorkflow: 4 },
] as const;

/** Of the bodies of one workflow that are larger than the first of those sizes. */
export const maxBodyBytesPerSecond = 16 * MiB;

/** How long a body waits for its place among those. */
export const bodyMemoryTimeoutMs = 30_000;

/**
 * Fetches of one execution that are under way at once; its further ones wait, which counts as their time. Half of the
 * sockets that a workflow has to one origin: no execution keeps all of them from the others.
 */
export const maxConcurrentFetches = 128;

/** Host calls of one execution that wait for their answers. The race over them is linear in it. */
export const maxCallsInFlight = 1_000;

/** The bodies of those calls, all together. */
export const maxBodyBytesInFlight = 64 * MiB;

/** The id of no call: with it, `settle` tells a guest that its turn is over. */
export const endOfTurnId = 0xff_ff_ff_ff;

/** Host calls of one execution in all. Its replay is linear in it. */
export const maxCallsPerExecution = 25_000;

/** The most that an operator may allow: replaying them takes minutes. */
export const callsCeiling = 250_000;

/**
 * The payload of one execution, and what its host calls ask and are answered. All of it is kept as long as the execution,
 * and handed to an executor each time that the execution goes on.
 */
export const maxJournalBytes = 64 * MiB;

/** The most that an operator may allow. An executor holds all of it in memory. */
export const journalCeilingBytes = 1_024 * MiB;

/** Restate's timers reach further; a workflow that sleeps longer than a year has a bug. */
export const maxSleepMs = 366 * 24 * 60 * 60 * 1_000;

/**
 * What a guest computes between two answers, in fuel (`src/sandbox/instrumentation/fuel-cost.ts`): some five seconds of a
 * core. Also what the top level of a workflow may compute, at the deploy.
 */
export const maxTurnFuel = 20e9;

/** What an execution computes in all of its turns. A replay computes it again. */
export const maxExecutionFuel = 200e9;

/** One turn by the clock, for what fuel cannot bound: a machine that stands still. Far above what its fuel lasts. */
export const turnTimeoutMs = 60_000;

/** The top level of a workflow by the clock, at the deploy. */
export const evaluationTimeoutMs = 60_000;

/** How long the host calls that a workflow did not wait for may go on after it returned. */
export const completionGraceMs = 5_000;

/** How long the host calls of `catch` and `finally` blocks may go on after an execution was cancelled. */
export const cancellationGraceMs = 20_000;

/** When a cancelled execution that has not ended is killed: its grace period, and time to be replayed up to it. */
export const cancellationTimeoutMs = 36_500;

/** The linear memory of an execution, in WebAssembly pages of 64 KiB: 64 MiB. The engine itself takes 9.5. */
export const maxMemoryPages = 1_024;

/** The most that an operator may give to one: 512 MiB. It is built into the engine. */
export const memoryCeilingPages = 8_192;

/** Componentize and transpile take 3 to 20 s, several times that on a busy machine. */
export const engineBuildTimeoutMs = 240_000;

/** A portable component, by the clock. */
export const portableBuildTimeoutMs = 120_000;

/** A portable component, in seconds of a core: its build takes 5 to 10, and evaluates the top level without fuel. */
export const portableBuildCpuSeconds = 60;

/** Portable components that are kept, the last ones: each has 13 MiB or more, and is built again when it is asked for. */
export const maxStoredComponents = 50;

/** What an executor that starts wakes at most: each is a request. The rest goes on when Restate comes to it. */
export const maxResumedInvocations = 10_000;

/** Executions whose version is remembered for those who wait for their end: a megabyte or two. */
export const maxRememberedVersions = 10_000;

/** How long a caller may wait in `Prefer: wait=N`, in seconds. */
export const maxWaitSeconds = 300;

/** How deep posted JSON may be nested. Serializers recurse, and a stack is finite; people stay below 100. */
export const maxJsonDepth = 256;

/** One page of a list, when the caller does not say. */
export const defaultPageItems = 50;

/** One page of a list, whatever the caller says. */
export const maxPageItems = 200;

/** Of the message of an error in a list of executions: enough to recognise it by, and a page stays small. */
export const maxListedFailureCharacters = 300;

/** The last executions that a list of workflows tells of each. */
export const maxRecentExecutions = 50;

/** A cursor as it comes back. Ours are far shorter. */
export const maxCursorLength = 512;

/** Broken rules that the answer to a request lists: more than a form has fields. */
export const maxFieldErrors = 50;

/** What the answer to a request says about one broken rule, and the place of it, in characters: it may quote the request. */
export const maxFieldErrorLength = 300;

/** The entry of one step, where that step alone is asked for: what a browser can still show as a tree. */
export const maxStepBytes = 4 * MiB;

/** The note of a version, in characters: a few paragraphs, as each item of a list of versions carries it. */
export const maxVersionNoteLength = 2_000;

/** The path of a file in a deploy, as the file systems that authors come from allow. */
export const maxFileNameLength = 255;

/** The name of an API key, for people. */
export const maxApiKeyNameLength = 100;

/** The value of a secret: an RSA key of 4096 bits as PEM has 3 KiB. */
export const maxSecretBytes = 16 * KiB;

/** The secrets that one request sends, together: what a server may echo of them is searched for in some twenty forms of each. */
export const maxRevealedSecretBytes = 32 * KiB;

/** What is shorter would be found, and blacked out, in everything that a server answers. */
export const minSecretLength = 8;

/** How far the time of a signed webhook may be from ours, as Standard Webhooks and Stripe have it. */
export const webhookToleranceMs = 5 * 60 * 1_000;

/**
 * How long a signature that names neither a delivery nor a time counts as a replay: afterwards the same body is a new
 * event.
 */
export const webhookReplayWindowMs = 5 * 60 * 1_000;

/** Fields of a form, and parts of a multipart body, that is posted to a webhook. */
export const maxFormFields = 10_000;

/** What a sender has echoed to prove that an address is its receiver's. Meta sends ten digits, Graph a sentence. */
export const maxChallengeLength = 1_024;

/** Drafts of workflows that do not exist: nothing else bounds them, and each may have `maxDeployBytes`. */
export const maxDraftsWithoutWorkflow = 200;

/** How long entries of the audit log are kept. */
export const auditRetentionMs = 400 * 24 * 60 * 60 * 1_000;

/** Entries of the audit log that are kept, whatever their age: some 300 MiB. */
export const maxAuditRecords = 1_000_000;

/** After so many new entries of the audit log the oldest ones are looked at. */
export const auditSweepRecords = 1_000;

/** Hosts that the settings of one workflow name. */
export const maxEgressHosts = 200;

/** Versions of one workflow: each has a source and an image, which are kept. */
export const maxVersionsPerWorkflow = 5_000;

/** What the different images of one workflow take together. */
export const maxImageBytesPerWorkflow = 8 * 1_024 * 1_024 * 1_024;

/** How old an artifact without a version gets at least: Restate may record the version of a deploy days after its artifacts. */
export const artifactGraceMs = 7 * 24 * 60 * 60 * 1_000;

/** How often it is looked for such artifacts. */
export const artifactSweepIntervalMs = 6 * 60 * 60 * 1_000;

/** Webhooks of one workflow. */
export const maxWebhooksPerWorkflow = 100;

/** Secrets of one workflow. */
export const maxSecretsPerWorkflow = 100;

/** Hosts that one secret is for. */
export const maxSecretHosts = 20;

/** A host with its scheme and port: names have 253 characters at most (RFC 1035). */
export const maxHostPatternLength = 270;

/** Workflows that one API key may be bound to: each request compares with them. */
export const maxWorkflowsPerApiKey = 100;

/** As the draft of the `Idempotency-Key` header suggests, and short enough for Restate to keep. */
export const maxIdempotencyKeyLength = 255;

/** What is looked at as a Bearer token. Ours are far shorter. */
export const maxApiKeyLength = 256;

/** How long a session of the page lasts at most. */
export const sessionLifetimeMs = 7 * 24 * 60 * 60 * 1_000;

/** How long a session lasts that nobody uses: over a night, not over a weekend. */
export const sessionIdleMs = 16 * 60 * 60 * 1_000;

/** Sessions that one API key has at once; the one that was used least lately goes first. */
export const maxSessionsPerApiKey = 100;

/** What is looked at as the token of a session. Ours have 43 characters. */
export const maxSessionTokenLength = 64;

/** How long a browser may remember that another origin's page may ask: as long as the most patient one does. */
export const corsMaxAgeSeconds = 24 * 60 * 60;

/** What an entry of the audit log is about: a path, of which ours are shorter. Refused requests are written down too. */
export const maxAuditSubjectLength = 300;

/** Executions that have been taken, and have not begun. Restate keeps them; this bounds what a burst brings. */
export const maxWaitingExecutions = 1_000;

/** How long the first of them may have waited: whoever comes then would wait longer. */
export const maxStartDelayMs = 5_000;

/** How long an execution may wait for its beginning before Restate is asked whether it began elsewhere. */
export const backlogPollAfterMs = 1_000;

/** How many may wait, likewise: an API without an executor takes these in a moment, and they begin elsewhere. */
export const backlogPollAboveExecutions = 200;

/** How often Restate is asked then: for the status of a handful of executions. */
export const backlogPollIntervalMs = 250;

/** Requests that are answered at once. Those that wait for the end of an execution do not count among them. */
export const maxConcurrentRequests = 1_000;

/** Requests that wait for the end of an execution at once: some 50 KiB each, and a connection to Restate. */
export const maxWaitingRequests = 1_000;

/** Those of one API key among them. Further ones are answered at once, as if they had not asked to wait. */
export const maxWaitingRequestsPerKey = 250;

/** How late the main thread comes to what is due, on average over a second: all that is asked of it is that late. */
export const maxEventLoopDelayMs = 250;

/** Memory of the machine, or of its container, that is left for those who are in it: below it, it would swap. */
export const minFreeMemoryBytes = 128 * MiB;

/** Of the file system of the data directory. Restate and SQLite need some to finish what was accepted before. */
export const minFreeDiskBytes = 256 * MiB;

/** How often the delay of the main thread and the free memory are looked at. */
export const loadSampleIntervalMs = 1_000;

/** The time that the limits of requests are counted in. */
export const rateLimitWindowSeconds = 10;

/** From the first byte of a request to the end of its headers. */
export const requestHeadersTimeoutMs = 10_000;

/** From the first byte of a request to the last of its body: 12 MiB at 0.75 Mbit/s. Answering may take longer. */
export const requestTimeoutMs = 135_000;

/** How long an idle connection is kept. Load balancers drop theirs after 60 s; we must not be the first. */
export const keepAliveTimeoutMs = 65_000;

/** How long requests that are under way may go on once the API is to close. */
export const apiCloseTimeoutMs = 3_000;

/** How long a process that stops lets effects under way end: longer than nearly all requests take. */
export const drainTimeoutMs = 20_000;

/** All the bytes that a guest hands over in one turn: a large result, or several request bodies. */
export const maxTurnBytes = 32 * MiB;

/** The name of an operation. The longest that there is has five letters. */
export const maxOperationNameBytes = 64;

/** The parameters of a computation that a guest asks for, JSON: a few names and numbers. */
export const maxComputeParameterBytes = 1_024;

/** The byte strings that a computation is of. The longest list, of a private key of RSA, has nine. */
export const maxComputeInputs = 16;

/** Console lines of one turn. What is said after them is dropped, and that is said. */
export const maxLogLinesPerTurn = 2_000;

/** Instances in use at once. Each takes 10 to 64 MiB; further executions wait for their turn. */
export const maxInstances = 64;

/** Timers that take part in a race: a race costs time for each that does, and those which wake later cannot win it. */
export const maxRacingTimers = 32;

/** Executions of one workflow that others begin with `ctx.send` in a second; further ones begin in a later second. */
export const maxSendsPerSecond = 25;

/** How long an attempt that waits for no effect of its own, and hears nothing from Restate, stays before it is suspended. */
export const attemptIdleMs = 5_000;

/**
 * How long an attempt waits for its effects when its input has ended and the journal may hold more than it knows. Then it
 * is broken off: each time costs a replay.
 */
export const endedInputGraceMs = 1_000;

/** How long effects in flight wait for the next attempt of their execution, before they are aborted. */
export const effectAdoptionTimeoutMs = 60_000;

/**
 * How long an execution that waits keeps its instance while others want one. It is replayed when it goes on, which
 * must stay the exception for one that waits for a quick answer.
 */
export const instanceYieldAfterMs = 250;

/** How often it is looked whether an instance can be had of an execution that waits. */
export const instanceReclaimIntervalMs = 50;

/**
 * A turn that computes for longer keeps its thread from the others: they are moved to another one. Most turns take
 * less than a millisecond. It is looked for as often as that, and what was computed before the first look is not known.
 */
export const longTurnMs = 10;

/**
 * A turn that computes for longer gives way to all others: its thread is of a lower priority from then on, and is
 * replaced, which takes some 30 ms. On a machine that is busy with other things this takes several times as long by
 * the clock, and until then the turn counts like its neighbours.
 */
export const lowerPriorityAfterMs = 100;

/** The slowest that a guest's code is for a unit of fuel: strings that double, most of whose time is the memory that they take. */
export const slowestFuelNs = 4;

/**
 * First turns of executions that run or wait for a thread at once, for each thread. Most take a millisecond, or ten if an instance has
 * to be made.
 */
export const maxFirstTurnsPerThread = 2;

/** A first turn that takes longer no longer counts among those. */
export const firstTurnMs = 50;

/** What long turns of a workflow may compute, as a part of one core, before it counts as one that takes long. */
export const longTurnShare = 0.05;

/** For how long after such a turn, or after many shorter ones, a workflow is executed on threads that gave way, where one of them is free. */
export const longWorkflowForMs = 60_000;

/** Of how many workflows that is remembered, the last ones. */
export const maxLongWorkflows = 1_000;

/** From 0 to 19. With 10, beside others that compute all the time, a ninth of what each of them gets. */
export const longTurnNiceness = 10;

/** Threads beside those that there should be, while turns take long. Once there are so many, guests wait for them. */
export const maxExtraThreads = 16;

/** How long a thread that was needed for such a time is kept for the next. */
export const extraThreadTimeoutMs = 60_000;

/** Turns of a guest that are remembered, to take them again on another thread. */
export const maxRememberedTurns = 1_000;

/** What those turns were given, together. */
export const maxRememberedBytes = MiB;

/** What those turns computed: half a second, and that long another thread would be busy with them. */
export const maxRememberedFuel = 1e9;

/** Crashes in the same turn of an execution, one after the other, after which it is paused. */
export const maxCrashesInOneTurn = 3;

/** How long a crash is remembered. */
export const crashMemoryMs = 7 * 24 * 60 * 60 * 1_000;

/** How long an instance waits for its next workflow before its memory is given back. */
export const idleInstanceTimeoutMs = 60_000;

/** Decoded images in memory. A common one takes 0.6 MiB. */
export const maxCachedImageBytes = 128 * MiB;

/** Text of the source maps that are kept as they were read, by which stacks of failures are mapped. */
export const maxCachedSourceMapBytes = 16 * MiB;

/** Deploys whose source is evaluated at once, each in a thread of its own; further ones wait. */
export const maxConcurrentEvaluations = 4;

/** The native stack of a thread that runs guests: the engine must meet its own limit before this one. */
export const workerStackMb = 8;

/** By the clock. A bundle takes milliseconds to seconds; one that takes this long waits for the processor. */
export const bundleTimeoutMs = 60_000;

/** Processor time that esbuild may take. For a bundle of 5 MB out of six large packages it takes 1.6 s. */
export const bundleCpuSeconds = 30;

/** Memory of esbuild, as addresses. For such a bundle it has 0.4 GiB in use. */
export const bundleMemoryBytes = 2 * 1024 * MiB;

/** The path of a Unix socket, without its last zero: macOS takes 103 bytes, Linux 107. */
export const maxSocketPathBytes = 103;

/** In one query of Restate's page. Restate ends with 2,000 in one expression, which its planner takes by recursion. */
export const maxRestateQueryOperators = 300;
export const maxRestateQueryParentheses = 30;

/** What the page of Restate may send to Restate at once: a query, or the ids of the invocations that it operates. */
export const maxRestateRequestBytes = MiB;

/** What Restate may answer to its page. A query without a limit would be all journals of the installation. */
export const maxRestateAnswerBytes = 64 * MiB;

/** From a request of Restate's page until all of its answer is sent. Restate drops a query whose caller is gone. */
export const restateRequestTimeoutMs = 60_000;

/** Requests of Restate's page that are under way, in all and of one key. A browser makes six at a time. */
export const maxRestateRequests = 32;
export const maxRestateRequestsPerKey = 12;
