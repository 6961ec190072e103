import { MiB } from "../../base/binary-units.ts";

/** Timeouts and limits of requests to the object storage. */

/** How long a connection may take to open. */
export const connectTimeoutMs = 5_000;

/** How long the service may take to begin a response, and between two parts of its body. */
export const readTimeoutMs = 10_000;

/** As `readTimeoutMs`, for uploads: it includes the time to send a part, so 280 KB/s are fast enough. */
export const writeTimeoutMs = 30_000;

/** How long a request may take in all, whatever arrives. */
export const requestTimeoutMs = 5 * 60_000;

/** Attempts at a request. Restate retries what still fails. */
export const maxAttempts = 4;

/** The longest delay before the first retry; doubled for each further one. */
export const firstRetryDelayMs = 200;

/** The longest delay before any retry, also if the service asks for more. */
export const maxRetryDelayMs = 5_000;

/** Connections of a process. The other requests wait. */
export const maxConnections = 32;

/** Larger objects are uploaded in parts, so that a failure does not repeat the whole upload. */
export const maxSinglePartBytes = 16 * MiB;

/** S3 requires 5 MiB or more. */
export const partBytes = 8 * MiB;

/** Parts of one object that are uploaded concurrently. */
export const maxConcurrentParts = 4;

/** Temporary credentials are replaced this long before they expire. */
export const credentialsMarginMs = 5 * 60_000;

/** How long files with credentials are not read again. */
export const credentialFilesMs = 60_000;

/** How long a service that issues credentials may take. */
export const credentialsTimeoutMs = 5_000;
