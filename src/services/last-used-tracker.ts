/**
 * Records when an item was last used, at most once per `resolutionMs` and item, after the request that used it. A failed
 * write is retried with the next request, so that no request waits for it.
 */
export function createLastUsedTracker<Id>(
  store: { touch(id: Id, now: number): Promise<void> },
  resolutionMs: number,
): (id: Id, lastUsedAt: number | undefined, now: number) => void {
  const due = new Set<Id>();
  return (id, lastUsedAt = 0, now) => {
    if (now - lastUsedAt < resolutionMs || due.has(id)) return;
    due.add(id);
    // A failed write is tried again with the next request.
    const forget = () => void due.delete(id);
    setImmediate(() => void store.touch(id, now).then(forget, forget));
  };
}
