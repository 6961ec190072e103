/**
 * Writes down that something is used, at most once in a while each, and after the request that used it. A write that
 * fails, as the database is busy or closed, is tried again with the next request: nobody is kept waiting for it.
 */
export function createLastUsedTracker<Id>(
  store: { touch(id: Id, now: number): void },
  resolutionMs: number,
): (id: Id, lastUsedAt: number | undefined, now: number) => void {
  const due = new Set<Id>();
  return (id, lastUsedAt = 0, now) => {
    if (now - lastUsedAt < resolutionMs || due.has(id)) return;
    due.add(id);
    setImmediate(() => {
      due.delete(id);
      try {
        store.touch(id, now);
      } catch {
        // The next request tries again.
      }
    });
  };
}
