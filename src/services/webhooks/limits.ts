/** Limits on webhooks and their deliveries. */

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

/** Webhooks per workflow. */
export const maxWebhooksPerWorkflow = 100;
