import type { ByteReader, ByteWriter } from "./binary.ts";
import { readConstantExpression, readItems, sectionIds, writeItems } from "./module.ts";
import type { WasmModule } from "./module.ts";
import { opcodes } from "./opcodes.ts";

/**
 * The element section: references to functions that are put into tables at instantiation, or only declared
 * (WebAssembly core specification, 5.5.12).
 */
export interface ElementSegment {
  /** What precedes the references: kind, table, offset and type, encoded. */
  readonly head: Uint8Array;
  /** True if each reference is an expression. */
  readonly hasExpressions: boolean;
  /** Functions by index; `undefined` is a null reference. */
  readonly functions: readonly (number | undefined)[];
}

/** Bits of the kind of a segment. */
const isPassive = 1;
const hasTable = 2;
const hasExpressionsBit = 4;

export function readElements(module: WasmModule): ElementSegment[] {
  return readItems(module, sectionIds.element, readElement);
}

export function writeElements(segments: readonly ElementSegment[]): Uint8Array {
  return writeItems(segments, (writer, { head, hasExpressions, functions }) => {
    writer.raw(head);
    writer.vector(functions, (index) => writeReference(writer, index, hasExpressions));
  });
}

function readElement(reader: ByteReader): ElementSegment {
  const start = reader.offset;
  const kind = reader.u32();
  if (kind > 7) reader.refuse("An unknown kind of element segment");
  const isActive = (kind & isPassive) === 0;
  if (isActive && (kind & hasTable) !== 0) reader.u32();
  if (isActive) readConstantExpression(reader);
  const hasExpressions = (kind & hasExpressionsBit) !== 0;
  if ((kind & (isPassive | hasTable)) !== 0) readElementType(reader, hasExpressions);
  const head = reader.bytes.slice(start, reader.offset);
  const functions = reader.vector(() => (hasExpressions ? readReference(reader) : reader.u32()));
  return { head, hasExpressions, functions };
}

/** A type of references, or the only kind of elements, functions. */
function readElementType(reader: ByteReader, isReferenceType: boolean): void {
  const type = reader.byte();
  const known = isReferenceType ? funcrefByte : functionKind;
  if (type !== known) reader.refuse("Elements that are not functions");
}

const funcrefByte = 0x70;
const functionKind = 0x00;

function readReference(reader: ByteReader): number | undefined {
  const opcode = reader.byte();
  const index = opcode === opcodes.functionReference ? reader.u32() : undefined;
  if (index === undefined && (opcode !== opcodes.referenceNull || reader.byte() !== funcrefByte))
    reader.refuse("An element that is not the reference to a function");
  if (reader.byte() !== opcodes.end) reader.refuse("An element of more than one instruction");
  return index;
}

function writeReference(writer: ByteWriter, index: number | undefined, asExpression: boolean): void {
  if (!asExpression) return writer.u32(index ?? 0);
  writer.byte(index === undefined ? opcodes.referenceNull : opcodes.functionReference);
  if (index === undefined) writer.byte(funcrefByte);
  else writer.u32(index);
  writer.byte(opcodes.end);
}
