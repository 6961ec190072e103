import openapiTypescript, { astToString } from "openapi-typescript";
import ts from "typescript";

/** The part of an OpenAPI document that is looked at here. */
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly responses: Readonly<Record<string, unknown>>;
}

/**
 * TypeScript for an OpenAPI document. What has a default may be left out of a request. The answers that are
 * errors are left out: they are one schema, `Problem`, and thrown as one class.
 */
export async function generateTypes(document: OpenApi): Promise<string> {
  const successes = mapOperations(document, (operation) => ({
    ...operation,
    responses: Object.fromEntries(
      Object.entries(operation.responses).filter(([status]) => Number(status) < 400),
    ),
  }));
  const nodes = await openapiTypescript(successes as Parameters<typeof openapiTypescript>[0], {
    defaultNonNullable: false,
    immutable: true,
    transform: (schema) => ("format" in schema && schema.format === "binary" ? blob : undefined),
  });
  return `${header}\n\n${astToString(nodes)}`;
}

/** The type of bodies that are files. */
const blob = ts.factory.createTypeReferenceNode("Blob");

const header = "// Made of /openapi.json by `npm run client:types`.";

function mapOperations(document: OpenApi, change: (operation: Operation) => Operation): object {
  const paths = Object.entries(document.paths).map(([path, methods]) => [
    path,
    Object.fromEntries(Object.entries(methods).map(([method, operation]) => [method, change(operation)])),
  ]);
  return { ...document, paths: Object.fromEntries(paths) as object };
}
