import createError from "http-errors";
export function run() {
  const error = createError(404, "Not here");
  return [error.statusCode, error.message, error.expose, error.name, createError.isHttpError(error)];
}
