/** The errors of the Web Cryptography API. The class is taken before a workflow could replace it. */
const Exception = DOMException;

/** What is wrong is the key's data: its encoding, or numbers that do not belong together. */
export function dataError(message: string): DOMException {
  return new Exception(message, "DataError");
}

/** This key may not be used like this. */
export function invalidAccess(message: string): DOMException {
  return new Exception(message, "InvalidAccessError");
}

export function notSupported(message: string): DOMException {
  return new Exception(message, "NotSupportedError");
}

/** The computation came to nothing: a tag that does not match, a parameter that it cannot work with. */
export function operationError(message: string): DOMException {
  return new Exception(message, "OperationError");
}

/** The usages do not fit the key. */
export function syntaxError(message: string): DOMException {
  return new Exception(message, "SyntaxError");
}

/** Runs what the host may refuse. `refused` says what that means here. */
export function orThrow<T>(compute: () => T, refused: () => DOMException): T {
  try {
    return compute();
  } catch {
    throw refused();
  }
}
