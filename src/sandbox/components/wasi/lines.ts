import { opcodes } from "../../wasm/opcodes.ts";
import {
  add,
  bodyOf,
  call,
  get,
  give,
  i32,
  load,
  set,
  store,
  storeByte,
  storeText,
  when,
  whilst,
} from "./instructions.ts";
import type { Code } from "./instructions.ts";
import type { WasiGlobals } from "./wasi-globals.ts";

/**
 * Standard output and error: each line becomes a console line, as JSON. What does not end with a line break is written at the
 * end of the turn.
 *
 * A buffer is a length, a log level, and the bytes of the line. Both are in one block of the module's own allocator
 * (`cabi_realloc`), so that they are where the program keeps nothing else.
 */

const bufferOffset = 8;

/** A console line has at most 16 KiB. */
const capacity = 15 * 1_024;
/** The longest escape sequence of a byte, and the end of the array. */
const reserve = 8;
const streamBytes = bufferOffset + capacity + 16;

/** In the order of `log-level` in `wit/runtime.wit`. */
const levels = { output: 1, error: 3 };

export interface LineFunctions {
  readonly log: number;
  readonly allocate: number;
  readonly append: number;
  readonly flush: number;
}

/** `fd_write(descriptor, vectors, count, written)`. */
export function writeBody({ lines }: WasiGlobals, functions: LineFunctions): Uint8Array {
  const [descriptor, vectors, count, written] = [0, 1, 2, 3];
  const [target, pointer, end, total] = [4, 5, 6, 7];
  return bodyOf(
    ["i32", "i32", "i32", "i32"],
    [
      // Descriptors other than 1 and 2: `badf`.
      ...when(
        [get(descriptor), i32(1), [opcodes.i32Subtract], i32(1), [opcodes.i32GreaterUnsigned]],
        give(8),
      ),
      ...when([[opcodes.globalGet, lines], [opcodes.i32EqualZero]], open(lines, functions)),
      [opcodes.globalGet, lines],
      ...when([get(descriptor), i32(2), [opcodes.i32Equal]], [i32(streamBytes), set(target)]),
      get(target),
      [opcodes.i32Add],
      set(target),
      ...whilst(
        [get(count)],
        [
          ...load([get(vectors)]),
          set(pointer),
          get(pointer),
          ...load([get(vectors)], 4),
          [opcodes.i32Add],
          set(end),
          get(total),
          ...load([get(vectors)], 4),
          [opcodes.i32Add],
          set(total),
          ...whilst(
            [get(pointer), get(end), [opcodes.i32NotEqual]],
            [
              get(target),
              get(pointer),
              [opcodes.i32Load8Unsigned, 0, 0],
              call(functions.append),
              ...add(pointer, 1),
            ],
          ),
          ...add(vectors, 8),
          ...add(count, -1),
        ],
      ),
      ...store([get(written)], [get(total)]),
      i32(0),
    ],
  );
}

function open(lines: number, { allocate }: LineFunctions): Code {
  const block: Code = [[opcodes.globalGet, lines]];
  return [
    i32(0),
    i32(0),
    i32(8),
    i32(2 * streamBytes),
    call(allocate),
    [opcodes.globalSet, lines],
    ...store(block, [i32(0)]),
    ...store(block, [i32(levels.output)], 4),
    ...store(block, [i32(0)], streamBytes),
    ...store(block, [i32(levels.error)], streamBytes + 4),
  ];
}

/** `append(stream, byte)`: adds a byte to the line, escaped for JSON; a line break writes the line. */
export function appendBody({ flush }: LineFunctions): Uint8Array {
  const cut: Code = [get(stream), call(flush)];
  const isEscaped: Code = [...isByte('"'), ...isByte("\\"), [opcodes.i32Or]];
  return bodyOf(
    ["i32"],
    [
      ...cutLongLine(cut),
      ...when(
        [...length, [opcodes.i32EqualZero]],
        [...locate, ...put([i32(code("["))]), ...put(quote, 1), ...grow(2)],
      ),
      ...when(isByte("\n"), [...cut, [opcodes.return]]),
      ...locate,
      ...when([get(byte), i32(0x20), [opcodes.i32LessUnsigned]], [...putControl(), [opcodes.return]]),
      ...when(isEscaped, [...put([i32(code("\\"))]), ...grow(1), ...locate]),
      ...put([get(byte)]),
      ...grow(1),
    ],
  );
}

/** The locals of `append`; `at` is the address of the end of the line, less the offset of the buffer. */
const [stream, byte, at] = [0, 1, 2];
const length = load([get(stream)]);
const quote: Code = [i32(code('"'))];
const locate: Code = [get(stream), ...length, [opcodes.i32Add], set(at)];
const put = (value: Code, offset = 0): Code => storeByte([get(at)], value, bufferOffset + offset);
const grow = (bytes: number): Code => store([get(stream)], [...length, i32(bytes), [opcodes.i32Add]]);
const isByte = (character: string): Code => [get(byte), i32(code(character)), [opcodes.i32Equal]];

const isLongerThan = (bytes: number): Code => [...length, i32(bytes), [opcodes.i32GreaterUnsigned]];

/** A line that is too long is cut in front of a character; bytes that are not UTF-8 may have none. */
function cutLongLine(cut: Code): Code {
  const isContinued: Code = [get(byte), i32(0xc0), [opcodes.i32And], i32(0x80), [opcodes.i32Equal]];
  return when(
    isLongerThan(capacity - 2 * reserve),
    when([...isContinued, [opcodes.i32EqualZero], ...isLongerThan(capacity - reserve), [opcodes.i32Or]], cut),
  );
}

/** A control character as `\\u00` and two digits. */
function putControl(): Code {
  return [
    ...storeText([get(at)], "\\u00", bufferOffset),
    ...put(hexDigit([get(byte), i32(4), [opcodes.i32ShiftRightUnsigned]]), 4),
    ...put(hexDigit([get(byte), i32(15), [opcodes.i32And]]), 5),
    ...grow(6),
  ];
}

/** `flush(stream)`: writes the line, if there is any. */
export function flushBody({ log }: LineFunctions): Uint8Array {
  const end: Code = [get(stream), ...length, [opcodes.i32Add]];
  return bodyOf(
    [],
    when(length, [
      ...storeByte(end, quote, bufferOffset),
      ...storeByte(end, [i32(code("]"))], bufferOffset + 1),
      ...load([get(stream)], 4),
      get(stream),
      i32(bufferOffset),
      [opcodes.i32Add],
      ...length,
      i32(2),
      [opcodes.i32Add],
      call(log),
      ...store([get(stream)], [i32(0)]),
    ]),
  );
}

/** Writes what both streams hold, at the end of a turn. */
export function flushLines({ lines }: WasiGlobals, { flush }: LineFunctions): Code {
  return when(
    [[opcodes.globalGet, lines]],
    [
      [opcodes.globalGet, lines],
      call(flush),
      [opcodes.globalGet, lines],
      i32(streamBytes),
      [opcodes.i32Add],
      call(flush),
    ],
  );
}

/** Of a number from 0 to 15. */
function hexDigit(value: Code): Code {
  // From 10 on, letters, which come 39 characters after the digits.
  return [
    ...value,
    i32(code("0")),
    [opcodes.i32Add],
    ...value,
    i32(9),
    [opcodes.i32GreaterUnsigned],
    i32(39),
    [opcodes.i32Multiply],
    [opcodes.i32Add],
  ];
}

function code(character: string): number {
  return character.charCodeAt(0);
}
