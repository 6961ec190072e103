/** The errors of the Web Cryptography API. The class is read before a workflow could replace it. */
const Exception = DOMException;

/** The data of the key is invalid: its encoding is wrong, or its numbers do not belong together. */
export function dataError(message: string): DOMException {
  return new Exception(message, "DataError");
}

/** The key may not be used for this operation. */
export function invalidAccess(message: string): DOMException {
  return new Exception(message, "InvalidAccessError");
}

export function notSupported(message: string): DOMException {
  return new Exception(message, "NotSupportedError");
}

/** The computation failed: a tag does not match, or a parameter is not valid for it. */
export function operationError(message: string): DOMException {
  return new Exception(message, "OperationError");
}

/** The usages are not valid for the key. */
export function syntaxError(message: string): DOMException {
  return new Exception(message, "SyntaxError");
}

/** Runs a computation that the host may reject. `refused` creates the error for that case. */
export function orThrow<T>(compute: () => T, refused: () => DOMException): T {
  try {
    return compute();
  } catch {
    throw refused();
  }
}
