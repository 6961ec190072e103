import { meterExports } from "../instrumentation/meter-globals.ts";
import type { MeterGlobals } from "../instrumentation/meter-globals.ts";

/**
 * The meter of an instance: the host sets it before a turn and reads it afterwards. It is not part of the
 * state in an image, except for the length of the memory, which an image has anyway.
 *
 * What limits the CPU time of a turn: `enter` in `instance.ts` begins each turn with `turnFuel`, or with what is left of
 * `executionFuel` if that is less, and the guest traps when it is used up. The defaults are `maxTurnFuel` and
 * `maxExecutionFuel` in `src/domain/limits.ts`; the settings of a workflow may override them. If fuel does not stop a
 * turn, `scheduling/worker-thread.ts` ends its thread after `DURANIUM_TURN_TIMEOUT_MS` of wall-clock time.
 */
export interface Meter {
  /**
   * The guest's memory limit in pages of 64 KiB. The instance's own memory may be longer, because it cannot
   * shrink.
   */
  memoryPages: number;
  /** Remaining fuel; negative after a trap for lack of fuel. */
  readonly fuelLeft: number;
  readonly memoryLimitPages: number;
  /** True if the guest requested more memory than its limit in this turn. */
  readonly wasRefused: boolean;
  /** True if the machine had less memory than the limit allows; the guest was trapped. */
  readonly isStarved: boolean;
  /** Sets what a turn may use. */
  begin(turn: { readonly fuel: number; readonly memoryPages: number }): void;
  /**
   * Charges fuel for work of the host. Returns false if too little is left; the guest then traps as after
   * `stop`.
   */
  charge(fuel: number): boolean;
  /** Traps the guest at the next instruction that costs fuel. `fuelLeft` keeps its value. */
  stop(): void;
}

/** Reads the meter of an engine. */
export function readMeter(exports: WebAssembly.Instance["exports"]): Meter {
  const globalOf = (role: keyof typeof meterExports) => exports[meterExports[role]] as WebAssembly.Global;
  const { fuel, pages, pageLimit, refused }: MeterGlobals<WebAssembly.Global> = {
    fuel: globalOf("fuel"),
    pages: globalOf("pages"),
    pageLimit: globalOf("pageLimit"),
    refused: globalOf("refused"),
  };
  let fuelAtStop: number | undefined;
  return {
    get memoryPages() {
      return Number(pages.value);
    },
    set memoryPages(count) {
      pages.value = count;
    },
    get fuelLeft() {
      return fuelAtStop ?? Number(fuel.value);
    },
    get memoryLimitPages() {
      return Number(pageLimit.value);
    },
    get wasRefused() {
      return refused.value !== 0;
    },
    get isStarved() {
      return pages.value === -1;
    },
    begin(turn) {
      fuel.value = BigInt(turn.fuel);
      pageLimit.value = turn.memoryPages;
      refused.value = 0;
      fuelAtStop = undefined;
    },
    charge(taken) {
      const left = BigInt(fuel.value) - BigInt(taken);
      fuel.value = left;
      return left >= 0n;
    },
    stop() {
      fuelAtStop = Number(fuel.value);
      fuel.value = -1n;
    },
  };
}
