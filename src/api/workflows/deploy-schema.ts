import { z } from "zod";
import type { JsonValue } from "../../base/json.ts";
import { maxFileNameLength } from "../../domain/limits.ts";
import type { WorkflowSource } from "../../domain/workflow.ts";
import { versionNote } from "../contract/fields.ts";
import { maxDependencies, maxDeployBytes, maxDeployFiles } from "../contract/limits.ts";
import { type BodyReader, readText } from "../http/body.ts";
import { invalidBody, parseWith } from "../http/validation.ts";
import { parseJson } from "../json/json.ts";

const fileName = z
  .string()
  .min(1, "a file needs a name")
  .max(maxFileNameLength, `a file name has ${maxFileNameLength} characters at most`)
  .refine(isRelativePath, 'use a relative path with "/", without "." and ".." and control characters')
  .meta({ description: "A relative path with `/`", examples: ["lib/tax.ts"] });

const sourceText = z.string().meta({ description: "TypeScript or JavaScript that exports `run`" });

/** A package name by npm's current rules, which do not allow capitals. */
const packageName = z
  .string()
  .max(214, "a package name has 214 characters at most")
  .regex(/^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/, "this is no name of an npm package")
  .meta({ examples: ["zod"] });

const exactVersion = z
  .string()
  .max(256, "a version has 256 characters at most")
  .regex(/^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/, "say one exact version, as 4.6.7")
  .meta({ examples: ["4.6.7"] });

const dependencies = z
  .record(packageName, exactVersion)
  .refine(
    (packages) => Object.keys(packages).length <= maxDependencies,
    `a workflow has ${maxDependencies} dependencies at most`,
  )
  .meta({
    description:
      "Packages of the installation (`DURANIUM_PACKAGES_DIR`) by name, each with its exact version",
  });

const note = versionNote.exactOptional().meta({
  description: "What this version changes and why: plain text, shown in lists of versions",
});

const oneFile = z
  .strictObject({
    source: sourceText,
    entry: fileName.default("workflow.ts").meta({ description: "Name of the file in stack traces" }),
    dependencies: dependencies.exactOptional(),
    note,
  })
  .meta({ id: "DeployOneFile", description: "A workflow of one file" });

const files = z
  .record(fileName, z.string())
  .refine((files) => Object.keys(files).length > 0, "a workflow has one file at least")
  .refine(
    (files) => Object.keys(files).length <= maxDeployFiles,
    `a workflow has ${maxDeployFiles} files at most`,
  )
  .meta({ description: "Contents by relative path" });

/** The fields of a source in a response. */
export const sourceFiles = {
  files,
  entry: fileName.meta({ description: "The file that exports `run`" }),
  dependencies: dependencies.exactOptional(),
};

const manyFilesShape = {
  ...sourceFiles,
  entry: fileName.exactOptional().meta({
    description: "The file that exports `run`. Optional if there is only one file",
  }),
};

const draftFiles = z
  .strictObject(manyFilesShape)
  .meta({ id: "DraftFiles", description: "The files of a draft" });

const manyFiles = z
  .strictObject({ ...manyFilesShape, note })
  .meta({ id: "DeployFiles", description: "A workflow of several files" });

/** The content of a deploy. */
interface DeployRequest {
  readonly source: WorkflowSource;
  readonly note: string | undefined;
}

/** Content types of a source that is sent as one plain file, and the name of that file. */
const rawSources: Readonly<Record<string, string>> = {
  "text/typescript": "workflow.ts",
  "application/typescript": "workflow.ts",
  "text/javascript": "workflow.js",
  "application/javascript": "workflow.js",
};

const exampleSource = `export async function run(ctx, payload) {
  const response = await fetch(\`https://api.example.com/orders/\${payload.orderId}\`);
  return await response.json();
}
`;

/** The body of a deploy: a source in JSON, or the plain text of one file. */
export const deployBody: BodyReader<DeployRequest> = {
  required: true,
  content: {
    "application/json": {
      schema: z.union([oneFile, manyFiles]),
      examples: {
        source: { summary: "One file", value: { source: exampleSource } },
        files: {
          summary: "Several files",
          value: {
            files: {
              "workflow.ts":
                'import { total } from "./lib/tax.ts";\nexport const run = async (ctx, order) => total(order);\n',
              "lib/tax.ts": "export const total = (order) => order.net * 1.19;\n",
            },
            entry: "workflow.ts",
          },
        },
      },
    },
    ...Object.fromEntries(
      Object.keys(rawSources).map((mediaType) => [
        mediaType,
        { schema: sourceText, examples: { source: { summary: "One file", value: exampleSource } } },
      ]),
    ),
  },
  async read(request) {
    const accepts = ["application/json", ...Object.keys(rawSources)];
    const { mediaType, text } = await readText(request, {
      maxBytes: maxDeployBytes,
      accepts,
      mayBeEmpty: false,
    });
    const entry = rawSources[mediaType ?? ""];
    if (entry === undefined) return readDeploy(parseJson(text));
    return { source: { entry, files: { [entry]: text } }, note: undefined };
  },
};

/** The files of a draft, with the form and the limits of a deploy. */
export const filesBody: BodyReader<WorkflowSource> = {
  required: true,
  content: { "application/json": { schema: draftFiles } },
  async read(request) {
    const accepts = ["application/json"];
    const { text } = await readText(request, { maxBytes: maxDeployBytes, accepts, mayBeEmpty: false });
    return readFiles(draftFiles, parseJson(text)).source;
  },
};

/** The form is determined first, because the messages of a union schema would describe both forms. */
function readDeploy(body: JsonValue): DeployRequest {
  if (typeof body === "object" && body !== null && "files" in body) return readFiles(manyFiles, body);
  const { source, entry, note, ...supplied } = parseWith(oneFile, body, "body");
  return { source: { entry, files: { [entry]: source }, ...supplied }, note };
}

function readFiles(schema: typeof draftFiles | typeof manyFiles, body: JsonValue): DeployRequest {
  rejectFileNamedProto(body);
  const parsed: z.output<typeof manyFiles> = parseWith(schema, body, "body");
  const { files, entry = onlyFile(files), note, ...supplied } = parsed;
  if (entry === undefined) throw invalidBody(["entry"], "say which of the files exports run");
  if (!Object.hasOwn(files, entry)) throw invalidBody(["entry"], "there is no such file in `files`");
  return { source: { entry, files, ...supplied }, note };
}

/** zod silently drops this key from a record, and the file would be missing. */
function rejectFileNamedProto(body: JsonValue): void {
  const { files } = Object(body) as { readonly files?: unknown };
  if (typeof files !== "object" || files === null || !Object.hasOwn(files, "__proto__")) return;
  throw invalidBody(["files", "__proto__"], "a file cannot have this name");
}

function onlyFile(files: Readonly<Record<string, string>>): string | undefined {
  const [first, second] = Object.keys(files);
  return second === undefined ? first : undefined;
}

function isRelativePath(path: string): boolean {
  // oxlint-disable-next-line no-control-regex -- the pattern rejects control characters
  if (/[\u0000-\u001f\u007f\\]/.test(path) || /^[A-Za-z]:/.test(path)) return false;
  return path.split("/").every((segment) => !["", ".", "..", "__proto__"].includes(segment));
}
