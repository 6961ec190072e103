/** The globals that metering adds to an engine: what an instance and its host tell each other. */
export interface MeterGlobals<T> {
  /** i64. What is left; below zero after a trap where it was not enough. */
  readonly fuel: T;
  /** i32. The length of the memory as the guest sees it, in pages of 64 KiB; -1 where the machine refused one. */
  readonly pages: T;
  /** i32. The most that `pages` may become. */
  readonly pageLimit: T;
  /** i32. 1 once the guest asked for more than that. */
  readonly refused: T;
}

/** The names under which they are exported. */
export const meterExports: MeterGlobals<string> = {
  fuel: "$fuel",
  pages: "$pages",
  pageLimit: "$page_limit",
  refused: "$refused",
};
