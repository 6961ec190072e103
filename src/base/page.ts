/** Requests the items after a position in the order of a list, or its first items without one. */
export interface PageRequest<Position> {
  readonly after?: Position | undefined;
  /** The maximum number of items. */
  readonly limit: number;
}

/** One page of a list. `next` is the `after` of the following page, absent on the last page. */
export interface Page<Item, Position> {
  readonly items: readonly Item[];
  readonly next?: Position;
}
