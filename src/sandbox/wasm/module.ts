import { ByteReader, ByteWriter, WasmFormatError } from "./binary.ts";

/**
 * A WebAssembly module as a list of sections, and readers and writers of the sections that the engine's
 * post-processing uses (WebAssembly core specification 3.0, chapter 5.5).
 *
 * A section that no pass changes is written with its original bytes. A section that is read must be
 * understood completely or it is rejected: engines contain no shared or 64-bit memories, garbage-collected
 * types and the like, and a pass that guessed about them would break an engine silently.
 */
export interface WasmModule {
  readonly sections: readonly Section[];
}

export interface Section {
  /** One of `sectionIds`. */
  readonly id: number;
  readonly content: Uint8Array;
  /** Offset of the content in the module, for messages. */
  readonly offset: number;
}

export const sectionIds = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
} as const;

export const externKinds = ["function", "table", "memory", "global"] as const;
export type ExternKind = (typeof externKinds)[number];

/** The first byte of a function type. */
const functionTypeByte = 0x60;

/** Value types by their byte. */
const valueTypes: Readonly<Record<number, ValueType>> = {
  0x7f: "i32",
  0x7e: "i64",
  0x7d: "f32",
  0x7c: "f64",
  0x7b: "v128",
  0x70: "funcref",
  0x6f: "externref",
};
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128" | "funcref" | "externref";

/** Bytes by value type. */
export const valueTypeBytes = Object.fromEntries(
  Object.entries(valueTypes).map(([byte, type]) => [type, Number(byte)]),
) as Readonly<Record<ValueType, number>>;

/** True for the byte of a known value type. */
export function isValueType(byte: number): boolean {
  return valueTypes[byte] !== undefined;
}

export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** The kind of an import, and the type index of a function. */
export interface Import {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternKind;
  readonly typeIndex?: number;
  /** Only for a global. */
  readonly mutable?: boolean;
}

export interface Export {
  readonly name: string;
  readonly kind: ExternKind;
  readonly index: number;
}

/** `initializer` is the encoded constant expression, including its `end`. */
export interface Global {
  readonly type: ValueType;
  readonly mutable: boolean;
  readonly initializer: Uint8Array;
}

/** Pages of 64 KiB, or entries of a table. */
export interface MemoryLimits {
  readonly minimum: number;
  readonly maximum?: number;
}

/** `\0asm`, then version 1. A component has another version, and is refused. */
const preamble = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

/** The order that the specification requires. Custom sections may stand anywhere. */
const sectionOrder = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11];

/** @throws {WasmFormatError} if the bytes are not a module of known sections in their order */
export function readModule(bytes: Uint8Array): WasmModule {
  const reader = new ByteReader(bytes);
  readPreamble(reader);
  const sections: Section[] = [];
  let place = -1;
  while (!reader.done) {
    const section = readSection(reader);
    if (section.id !== sectionIds.custom) place = nextPlace(section, place);
    sections.push(section);
  }
  return { sections };
}

export function writeModule(module: WasmModule): Uint8Array {
  const contentBytes = module.sections.reduce((sum, section) => sum + section.content.length, 0);
  const writer = new ByteWriter(preamble.length + contentBytes + module.sections.length * 6);
  writer.raw(preamble);
  for (const section of module.sections) {
    writer.byte(section.id);
    writer.u32(section.content.length);
    writer.raw(section.content);
  }
  return writer.finish();
}

/** The section of that id; `undefined` if the module has none. Not for custom sections. */
export function findSection(module: WasmModule, id: number): Section | undefined {
  return module.sections.find((section) => section.id === id);
}

/** Replaces the content of one section of the module. */
export function withSection(module: WasmModule, id: number, content: Uint8Array): WasmModule {
  if (findSection(module, id) === undefined) throw new WasmFormatError(`The module has no section ${id}`);
  const replace = (section: Section): Section => (section.id === id ? { ...section, content } : section);
  return { sections: module.sections.map(replace) };
}

/** A module of these sections, by their ids, in the order that the specification requires. */
export function composeModule(contents: ReadonlyMap<number, Uint8Array>): WasmModule {
  const sections = sectionOrder.flatMap((id): Section[] => {
    const content = contents.get(id);
    return content === undefined ? [] : [{ id, content, offset: 0 }];
  });
  return { sections };
}

export function readTypes(module: WasmModule): FunctionType[] {
  return readItems(module, sectionIds.type, (reader) => {
    if (reader.byte() !== functionTypeByte) reader.refuse("A type that is not a function type");
    return { parameters: readValueTypes(reader), results: readValueTypes(reader) };
  });
}

export function writeTypes(types: readonly FunctionType[]): Uint8Array {
  return writeItems(types, (writer, { parameters, results }) => {
    writer.byte(functionTypeByte);
    writeValueTypes(writer, parameters);
    writeValueTypes(writer, results);
  });
}

export function readImports(module: WasmModule): Import[] {
  return readItems(module, sectionIds.import, (reader) => {
    const name = { module: reader.name(), name: reader.name() };
    const kind = readKind(reader);
    if (kind === "function") return { ...name, kind, typeIndex: reader.u32() };
    if (kind === "table") readTableType(reader);
    else if (kind === "memory") readLimits(reader);
    else return { ...name, kind, mutable: readGlobalType(reader).mutable };
    return { ...name, kind };
  });
}

/** Supports only functions. */
export function writeImports(imports: readonly Import[]): Uint8Array {
  return writeItems(imports, (writer, { module, name, kind, typeIndex }) => {
    if (kind !== "function" || typeIndex === undefined)
      throw new WasmFormatError(`${module}.${name} is not a function`);
    writer.name(module);
    writer.name(name);
    writer.byte(externKinds.indexOf(kind));
    writer.u32(typeIndex);
  });
}

/** The type index of each function that the module defines; imported functions come before them. */
export function readFunctions(module: WasmModule): number[] {
  return readItems(module, sectionIds.function, (reader) => reader.u32());
}

export function writeIndices(indices: readonly number[]): Uint8Array {
  return writeItems(indices, (writer, index) => writer.u32(index));
}

/** The content of a section that consists of one number. */
export function writeIndex(index: number): Uint8Array {
  const writer = new ByteWriter();
  writer.u32(index);
  return writer.finish();
}

export function readMemories(module: WasmModule): MemoryLimits[] {
  return readItems(module, sectionIds.memory, readLimits);
}

export function writeMemories(memories: readonly MemoryLimits[]): Uint8Array {
  return writeItems(memories, (writer, { minimum, maximum }) => {
    writer.byte(maximum === undefined ? 0x00 : 0x01);
    writer.u32(minimum);
    if (maximum !== undefined) writer.u32(maximum);
  });
}

/** The tables that the module defines, of functions or of the host's references, without initial references. */
export function readTables(module: WasmModule): MemoryLimits[] {
  return readItems(module, sectionIds.table, readTableType);
}

/** The globals that the module defines; imported globals come before them. */
export function readGlobals(module: WasmModule): Global[] {
  return readItems(module, sectionIds.global, (reader) => {
    return { ...readGlobalType(reader), initializer: readConstantExpression(reader) };
  });
}

export function writeGlobals(globals: readonly Global[]): Uint8Array {
  return writeItems(globals, (writer, { type, mutable, initializer }) => {
    writeValueType(writer, type);
    writer.byte(mutable ? 0x01 : 0x00);
    writer.raw(initializer);
  });
}

export function readExports(module: WasmModule): Export[] {
  return readItems(module, sectionIds.export, (reader) => {
    return { name: reader.name(), kind: readKind(reader), index: reader.u32() };
  });
}

export function writeExports(exports: readonly Export[]): Uint8Array {
  return writeItems(exports, (writer, { name, kind, index }) => {
    writer.name(name);
    writer.byte(externKinds.indexOf(kind));
    writer.u32(index);
  });
}

/** The bodies of the functions that the module defines: locals and instructions, undecoded. */
export function readCode(module: WasmModule): Uint8Array[] {
  return readItems(module, sectionIds.code, (reader) => reader.take(reader.u32()));
}

export function writeCode(bodies: readonly Uint8Array[]): Uint8Array {
  return writeItems(bodies, (writer, body) => {
    writer.u32(body.length);
    writer.raw(body);
  });
}

/**
 * The encoded segment, and whether it is copied into the first memory at instantiation, at a constant offset.
 */
export interface DataSegment {
  readonly isActive: boolean;
  readonly content: Uint8Array;
}

export function readDataSegments(module: WasmModule): DataSegment[] {
  return readItems(module, sectionIds.data, (reader) => {
    const start = reader.offset;
    const kind = reader.u32();
    if (kind > 1) reader.refuse("Data of another memory");
    if (kind === 0) readConstantExpression(reader);
    reader.take(reader.u32());
    return { isActive: kind === 0, content: reader.bytes.slice(start, reader.offset) };
  });
}

export function writeDataSegments(segments: readonly Pick<DataSegment, "content">[]): Uint8Array {
  return writeItems(segments, (writer, { content }) => writer.raw(content));
}

/**
 * Segments for the initial content of the module's only memory. Zeros are left out, because memory starts
 * with them.
 */
export function memorySegments(content: Uint8Array): readonly DataSegment[] {
  return filledRuns(content).map(({ start, end }) => {
    const writer = new ByteWriter(end - start + 16);
    // An active segment of memory 0, at `i32.const start`.
    writer.byte(0x00);
    writer.byte(0x41);
    writer.signed(BigInt(start));
    writer.byte(0x0b);
    writer.u32(end - start);
    writer.raw(content.subarray(start, end));
    return { isActive: true, content: writer.finish() };
  });
}

interface Run {
  readonly start: number;
  end: number;
}

/**
 * The minimum length of a gap of zeros, in words of eight bytes, that is worth a new segment: engines accept
 * at most 100,000 segments.
 */
const minGapWords = 32;

/** The runs that are not zero, in words of eight bytes. */
function filledRuns(content: Uint8Array): readonly Run[] {
  const words = new BigUint64Array(content.buffer, content.byteOffset, content.length / 8);
  const runs: Run[] = [];
  let last: Run | undefined;
  for (let at = 0; at < words.length; at += 1) {
    if (words[at] === 0n) continue;
    if (last !== undefined && at * 8 - last.end < minGapWords * 8) last.end = (at + 1) * 8;
    else runs.push((last = { start: at * 8, end: (at + 1) * 8 }));
  }
  return runs;
}

/** The name of a custom section. */
function customName(section: Section): string {
  return new ByteReader(section.content, section.offset).name();
}

function readPreamble(reader: ByteReader): void {
  const isModule = reader.take(preamble.length).every((byte, index) => byte === preamble[index]);
  if (!isModule) throw new WasmFormatError("The bytes are not a WebAssembly module of version 1");
}

function readSection(reader: ByteReader): Section {
  const id = reader.byte();
  const length = reader.u32();
  const offset = reader.offset;
  const section = { id, content: reader.take(length), offset };
  if (id === sectionIds.custom) customName(section);
  return section;
}

function nextPlace(section: Section, place: number): number {
  const next = sectionOrder.indexOf(section.id);
  if (next === -1) throw new WasmFormatError(`Unknown section ${section.id} at offset ${section.offset}`);
  if (next <= place) throw new WasmFormatError(`Section ${section.id} is out of order or duplicated`);
  return next;
}

/** Reads a section that is one vector; nothing may follow it. */
export function readItems<T>(module: WasmModule, id: number, read: (reader: ByteReader) => T): T[] {
  const section = findSection(module, id);
  if (section === undefined) return [];
  const reader = new ByteReader(section.content, section.offset);
  const items = reader.vector(() => read(reader));
  if (!reader.done) reader.refuse("Bytes after the end of a section's content");
  return items;
}

export function writeItems<T>(items: readonly T[], write: (writer: ByteWriter, item: T) => void): Uint8Array {
  const writer = new ByteWriter();
  writer.vector(items, (item) => write(writer, item));
  return writer.finish();
}

function readValueTypes(reader: ByteReader): ValueType[] {
  return reader.vector(() => readValueType(reader));
}

function readValueType(reader: ByteReader): ValueType {
  return valueTypes[reader.byte()] ?? reader.refuse("An unknown value type");
}

function writeValueTypes(writer: ByteWriter, types: readonly ValueType[]): void {
  writer.vector(types, (type) => writeValueType(writer, type));
}

function writeValueType(writer: ByteWriter, type: ValueType): void {
  writer.byte(valueTypeBytes[type]);
}

function readKind(reader: ByteReader): ExternKind {
  return externKinds[reader.byte()] ?? reader.refuse("An unknown kind of import or export");
}

function readTableType(reader: ByteReader): MemoryLimits {
  const type = readValueType(reader);
  if (type !== "funcref" && type !== "externref") reader.refuse("A table of no references");
  return readLimits(reader);
}

function readLimits(reader: ByteReader): MemoryLimits {
  const flags = reader.byte();
  if (flags > 0x01) reader.refuse("A memory or table that is shared or of 64 bits");
  const minimum = reader.u32();
  return flags === 0x00 ? { minimum } : { minimum, maximum: reader.u32() };
}

function readGlobalType(reader: ByteReader): { type: ValueType; mutable: boolean } {
  const type = readValueType(reader);
  const mutability = reader.byte();
  if (mutability > 0x01) reader.refuse("A global of unknown mutability");
  return { type, mutable: mutability === 0x01 };
}

/** One constant instruction and `end`: engines have no longer expressions. */
export function readConstantExpression(reader: ByteReader): Uint8Array {
  const start = reader.offset;
  skipConstant(reader);
  if (reader.byte() !== 0x0b) reader.refuse("A constant expression of more than one instruction");
  return reader.bytes.subarray(start, reader.offset);
}

function skipConstant(reader: ByteReader): void {
  const opcode = reader.byte();
  if (opcode === 0x41) reader.signed(32);
  else if (opcode === 0x42) reader.signed(64);
  else if (opcode === 0x43) reader.take(4);
  else if (opcode === 0x44) reader.take(8);
  else if (opcode === 0x23) reader.u32();
  else reader.refuse("An unknown instruction in a constant expression");
}
