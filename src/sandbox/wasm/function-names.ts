import { ByteReader } from "./binary.ts";
import { sectionIds } from "./module.ts";
import type { WasmModule } from "./module.ts";

/** The subsection of the custom section `name` with the names of functions. */
const functionNames = 1;

/**
 * The names that the custom section `name` gives to functions, by index. Several functions may have the same name.
 *
 * @throws {WasmFormatError} if the section is malformed, which does not make a module invalid
 */
export function readFunctionNames(module: WasmModule): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const section of module.sections.filter(({ id }) => id === sectionIds.custom)) {
    const reader = new ByteReader(section.content, section.offset);
    if (reader.name() !== "name") continue;
    while (!reader.done) {
      const part = reader.byte();
      const content = new ByteReader(reader.take(reader.u32()));
      if (part !== functionNames) continue;
      content.vector(() => names.set(content.u32(), content.name()));
    }
  }
  return names;
}
