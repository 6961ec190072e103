/** A limit on concurrent uses, in total and for each holder. A request beyond the limit is denied and does not wait. */
export interface Quota {
  /** True if the total is used up. */
  readonly isFull: boolean;
  hasCapacity(holder: string): boolean;
  /** Takes one use until it is disposed. Returns undefined if the limit is reached. */
  take(holder: string): Disposable | undefined;
}

export function createQuota({ total, perHolder }: { total: number; perHolder: number }): Quota {
  const counts = new Map<string, number>();
  let taken = 0;
  const countOf = (holder: string) => counts.get(holder) ?? 0;
  const hasCapacity = (holder: string) => taken < total && countOf(holder) < perHolder;

  function release(holder: string): void {
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
          if (isHeld) release(holder);
          isHeld = false;
        },
      };
    },
  };
}
