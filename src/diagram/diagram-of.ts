import { analyse } from "./analysis/analyse.ts";
import type { Diagram } from "./contract/diagram.ts";
import { buildGraph } from "./graph/build.ts";
import { oneLine } from "./source/text.ts";

export interface DiagramSource {
  /** The file that exports `run`. */
  readonly entry: string;
  readonly files: Readonly<Record<string, string>>;
}

/**
 * The diagram of a workflow in TypeScript or JavaScript. It reads the source and runs nothing. Code that it cannot follow, also
 * a whole file, is an `opaque` node.
 */
export function diagramOf({ entry, files }: DiagramSource): Diagram {
  const at = { file: entry, line: 1, column: 1 };
  try {
    return buildGraph(analyse(entry, files), at);
  } catch (error) {
    // A syntax that the parser does not know, or code that is nested too deeply.
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    const note = oneLine(error instanceof Error ? error.message : String(error));
    return buildGraph([{ ...at, part: "opaque", label: "code that cannot be read", note, called: [] }], at);
  }
}
