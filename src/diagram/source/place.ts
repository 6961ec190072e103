import type { Node } from "@babel/types";

/** A position in a file of the workflow. Line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export function placeOf(file: string, node: Node): Place {
  const { line, column } = node.loc?.start ?? { line: 1, column: 0 };
  return { file, line, column: column + 1 };
}

/** The position of a call in a stack trace: the name of the function, without the object that has it. */
export function callPlaceOf(file: string, callee: Node): Place {
  const isMember = callee.type === "MemberExpression" || callee.type === "OptionalMemberExpression";
  return placeOf(file, isMember ? callee.property : callee);
}
