import type { QueueId } from "../domain/ids.ts";

/**
 * Names of the journal entries that Duranium itself creates. The names of operations follow from their arguments. Journals in
 * flight contain these names, so they are frozen.
 */

/** The entry with everything that an execution knows from its start: `ExecutionStart`. */
export const startEntry = "start";

/** A reading of the host's clock, for a result without a time. */
export const clockEntry = "clock";

/** The time at which a cancellation arrived. */
export const cancelledEntry = "cancelled";

/** True for the entries by which the driver reads the clock. */
export function isClockReading(name: string): boolean {
  return name === clockEntry || name === cancelledEntry;
}

/** The grace period for effects that are in flight when the workflow returns. */
export const gracePeriodEntry = "grace period";

/** The grace period for host calls of `catch` and `finally` blocks after a cancellation. */
export const cancellationGracePeriodEntry = "cancellation grace period";

/** The entry with the reuse plan of an execution that is a retry from the failed step. */
export const reusedStepsEntry = "reused steps";

/** The entries that request and release a slot of a queue, and release it while the execution waits. */
export function acquireSlotEntry(queue: string): string {
  return `acquire slot of ${queue}`;
}

export function releaseSlotEntry(queue: string): string {
  return `release slot of ${queue}`;
}

export function suspendSlotEntry(queue: string): string {
  return `suspend slot of ${queue}`;
}

export function continueSlotEntry(queue: string): string {
  return `continue slot of ${queue}`;
}

/** True for the entries of flow control, which are neither commands of the driver nor steps of the workflow. */
export function isSlotEntry(name: string): boolean {
  return slotEntryForm.test(name);
}

/** Returns the queue of an entry that requests a slot. */
export function queueAcquired(name: string): QueueId | undefined {
  return name.startsWith(acquireSlotEntry(""))
    ? (name.slice(acquireSlotEntry("").length) as QueueId)
    : undefined;
}

/** True for the entries that count as requests of an execution, which are numbered. */
export function numbersSlot(name: string): boolean {
  return name.startsWith(acquireSlotEntry("")) || name.startsWith(continueSlotEntry(""));
}

const slotEntryForm = /^(?:acquire|release|suspend|continue) slot of /;

const tagPrefix = "tag ";

/** The entry of a `ctx.tag`: tags have no spaces. The read model finds the tags of an execution by these names. */
export function tagEntry(tags: readonly string[]): string {
  return `${tagPrefix}${tags.join(" ")}`;
}

/** The tags that the workflow set with this entry; empty for any other entry. */
export function tagsSetBy(name: string): readonly string[] {
  return name.startsWith(tagPrefix) ? name.slice(tagPrefix.length).split(" ") : [];
}

/** The look-up of a version that the input names, in place of the current one. */
export const versionEntry = "version";
