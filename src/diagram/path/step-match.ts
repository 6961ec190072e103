import type { DiagramNode, StepShape } from "../contract/diagram.ts";
import type { Place } from "../source/place.ts";

/** A step of an execution. */
export interface ObservedStep {
  /** The name of its journal entry. */
  readonly name: string;
  /** Where the workflow made the call, if it is known. */
  readonly place?: Place;
}

/** The cost of a step whose name the source did not lead to expect: the URL may be written in another form. */
const unexpectedNameCost = 4;

/** @returns the cost of taking the step for one of the node; undefined if it cannot be one */
export function costOfMatch(
  { name, place }: ObservedStep,
  { step, ...node }: DiagramNode,
): number | undefined {
  if (step === undefined) return undefined;
  const operation = operationIn(name);
  const sameOperation = step.names.filter(([first]) => operationIn(first ?? "") === operation);
  if (sameOperation.length === 0) return undefined;
  const isPlaced = place !== undefined && step.isElsewhere !== true;
  if (isPlaced) return isSamePlace(place, node) ? 0 : undefined;
  return sameOperation.some((shape) => hasShape(name, shape)) ? 0 : unexpectedNameCost;
}

function operationIn(name: string): string {
  return name.split(" ", 1)[0] ?? name;
}

function isSamePlace(one: Place, other: Place): boolean {
  return one.file === other.file && one.line === other.line && one.column === other.column;
}

/** True if the text consists of the parts, with any text in place of null. */
function hasShape(text: string, shape: StepShape["names"][number]): boolean {
  let at = 0;
  for (const [index, part] of shape.entries()) {
    if (part === null) continue;
    if (index === shape.length - 1) {
      const isWhole =
        shape[index - 1] === null ? text.length - part.length >= at : text.length - part.length === at;
      return isWhole && text.endsWith(part);
    }
    const found =
      index === 0
        ? text.startsWith(part)
          ? 0
          : -1
        : shape[index - 1] === null
          ? text.indexOf(part, at)
          : text.startsWith(part, at)
            ? at
            : -1;
    if (found === -1) return false;
    at = found + part.length;
  }
  return shape.at(-1) === null || at === text.length;
}
