/** The globals that metering adds to an engine, through which an instance and its host exchange the meter. */
export interface MeterGlobals<T> {
  /** i64. Remaining fuel; negative after a trap for lack of fuel. */
  readonly fuel: T;
  /**
   * i32. The length of the memory as the guest sees it, in pages of 64 KiB; -1 if the machine refused to grow
   * it.
   */
  readonly pages: T;
  /** i32. The maximum of `pages`. */
  readonly pageLimit: T;
  /** i32. 1 once the guest has requested more than `pageLimit`. */
  readonly refused: T;
}

/** The export names of the globals. */
export const meterExports: MeterGlobals<string> = {
  fuel: "$fuel",
  pages: "$pages",
  pageLimit: "$page_limit",
  refused: "$refused",
};
