/** Places that are held for as long as somebody waits, so many in all and so many for each holder. */
export interface Quota {
  /** Whether there is no room for anyone. */
  readonly isFull: boolean;
  hasCapacity(holder: string): boolean;
  /** A place until it is disposed of; `undefined` where there is no room. */
  take(holder: string): Disposable | undefined;
}

export function createQuota({ total, perHolder }: { total: number; perHolder: number }): Quota {
  const counts = new Map<string, number>();
  let taken = 0;
  const countOf = (holder: string) => counts.get(holder) ?? 0;
  const hasCapacity = (holder: string) => taken < total && countOf(holder) < perHolder;

  function leave(holder: string): void {
    taken -= 1;
    const left = countOf(holder) - 1;
    if (left === 0) counts.delete(holder);
    else counts.set(holder, left);
  }

  return {
    get isFull() {
      return taken >= total;
    },
    hasCapacity,
    take(holder) {
      if (!hasCapacity(holder)) return undefined;
      taken += 1;
      counts.set(holder, countOf(holder) + 1);
      let isHeld = true;
      return {
        [Symbol.dispose]() {
          if (isHeld) leave(holder);
          isHeld = false;
        },
      };
    },
  };
}
