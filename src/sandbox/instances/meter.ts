import { meterExports } from "../instrumentation/meter-globals.ts";
import type { MeterGlobals } from "../instrumentation/meter-globals.ts";

/**
 * The meter of an instance: what its host sets before a turn and reads after it. It is no part of the state that
 * an image keeps, but for the length of the memory, which an image has anyway.
 */
export interface Meter {
  /** The memory as the guest sees it, in pages of 64 KiB. The instance's own may be longer: it cannot shrink. */
  memoryPages: number;
  /** What is left of the fuel; below zero after a trap where it was not enough. */
  readonly fuelLeft: number;
  readonly memoryLimitPages: number;
  /** Whether the guest asked for more memory than that in this turn. */
  readonly wasRefused: boolean;
  /** Whether the machine had less memory than that: the guest was trapped. */
  readonly isStarved: boolean;
  /** Says what a turn may use. */
  begin(turn: { readonly fuel: number; readonly memoryPages: number }): void;
  /** Takes fuel for what the host does for the guest; where there is too little, the guest traps as `stop` has it. */
  charge(fuel: number): boolean;
  /** Traps the guest at the next thing that costs fuel. What was left of it stays what is told. */
  stop(): void;
}

/** An engine that was built before engines were metered has a meter that stands still: versions keep theirs. */
export function readMeter(exports: WebAssembly.Instance["exports"], memory: WebAssembly.Memory): Meter {
  const globalOf = (role: keyof typeof meterExports) => exports[meterExports[role]] as WebAssembly.Global;
  if (globalOf("fuel") === undefined) return withoutMeter(memory);
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

/**
 * What such an engine computes is bounded by the clock alone, and its memory by what was built into it. It goes on where
 * it should stop. That it was
 * refused more can be guessed only: what it asks for last is never more than what it has.
 */
function withoutMeter(memory: WebAssembly.Memory): Meter {
  let fuelLeft = 0;
  let memoryLimitPages = Infinity;
  const memoryPages = () => memory.buffer.byteLength / 65_536;
  return {
    get memoryPages() {
      return memoryPages();
    },
    set memoryPages(_count) {},
    get fuelLeft() {
      return fuelLeft;
    },
    get memoryLimitPages() {
      return memoryLimitPages;
    },
    get wasRefused() {
      return memoryPages() > memoryLimitPages / 2;
    },
    isStarved: false,
    begin(turn) {
      fuelLeft = turn.fuel;
      memoryLimitPages = turn.memoryPages;
    },
    charge(taken) {
      fuelLeft -= taken;
      return fuelLeft >= 0;
    },
    stop() {},
  };
}
