import { z } from "zod";
import type { JsonValue } from "../../base/json.ts";
import { languageOfEntry, languages } from "../../domain/engines/language.ts";
import type { Language } from "../../domain/engines/language.ts";
import { maxFileNameLength } from "../../domain/limits.ts";
import type { WorkflowSource } from "../../domain/workflow.ts";
import { versionNote } from "../contract/fields.ts";
import { maxDependencies, maxDeployBytes, maxDeployFiles, maxSkipReasonLength } from "../contract/limits.ts";
import { type BodyReader, readBytes, readText } from "../http/body.ts";
import { packageMembers, packageName } from "../packages/package-schema.ts";
import { invalidBody, parseWith } from "../http/validation.ts";
import { parseJson } from "../json/json.ts";

const fileName = z
  .string()
  .min(1, "a file needs a name")
  .max(maxFileNameLength, `a file name has ${maxFileNameLength} characters at most`)
  .refine(isRelativePath, 'use a relative path with "/", without "." and ".." and control characters')
  .meta({ description: "A relative path with `/`", examples: ["lib/tax.ts"] });

const sourceText = z.string().meta({ description: "TypeScript, JavaScript or Python that exports `run`" });

const language = z.enum(languages).exactOptional().meta({
  description: "The language of the workflow. By default it follows from the extension of the entry",
});

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
    entry: fileName.exactOptional().meta({
      description: "Name of the file in stack traces. By default `workflow.ts`, or `workflow.py` in Python",
    }),
    language,
    dependencies: dependencies.exactOptional(),
    ...packageMembers,
    note,
  })
  .meta({ id: "DeployOneFile", description: "A workflow of one file" });

const fileTexts = z
  .record(fileName, z.string())
  .refine(
    (files) => Object.keys(files).length <= maxDeployFiles,
    `a workflow has ${maxDeployFiles} files at most`,
  );

const files = fileTexts
  .refine((files) => Object.keys(files).length > 0, "a workflow has one file at least")
  .meta({ description: "Contents by relative path" });

/** Files that are not text, such as the entry of a workflow in WebAssembly. */
const binaryFiles = z
  .record(fileName, z.base64("use base64"))
  .refine(
    (files) => Object.keys(files).length <= maxDeployFiles,
    `a workflow has ${maxDeployFiles} files at most`,
  )
  .exactOptional()
  .meta({
    description:
      "Files that are not text, in base64 by relative path. A workflow in WebAssembly has its module here",
  });

/** The fields of a source in a response. */
export const sourceFiles = {
  files,
  binaryFiles,
  entry: fileName.meta({ description: "The file that exports `run`" }),
  language,
  dependencies: dependencies.exactOptional(),
  ...packageMembers,
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

const deployedFilesShape = {
  ...manyFilesShape,
  files: fileTexts.exactOptional().meta({ description: "Contents by relative path" }),
};

const manyFiles = z
  .strictObject({ ...deployedFilesShape, note })
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
  "text/x-python": "workflow.py",
};

/** The content type of a deploy that is one WebAssembly module, and the name of that file. */
const rawModule = { mediaType: "application/wasm", entry: "workflow.wasm" } as const;

const exampleSource = `export async function run(ctx, payload) {
  const response = await fetch(\`https://api.example.com/orders/\${payload.orderId}\`);
  return await response.json();
}
`;

const examplePython = `async def run(ctx, payload):
    response = await fetch(f"https://api.example.com/orders/{payload['orderId']}")
    return await response.json()
`;

function exampleOf(mediaType: string): string {
  return mediaType === "text/x-python" ? examplePython : exampleSource;
}

export const deployQuery = z.strictObject({
  "skip-replay-check": z
    .string()
    .trim()
    .min(1, "say why the check is skipped")
    .max(maxSkipReasonLength, `a reason has ${maxSkipReasonLength} characters at most`)
    .exactOptional()
    .meta({
      description:
        "Why the workflow is deployed without the replay check that its settings require (`deploy.requireReplayCheck`). The reason " +
        "is stored in the audit log",
      examples: ["hotfix for incident 4711"],
    }),
});

/** The body of a deploy: a source in JSON, or one file as it is. */
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
        { schema: sourceText, examples: { source: { summary: "One file", value: exampleOf(mediaType) } } },
      ]),
    ),
    [rawModule.mediaType]: {
      schema: z.string().meta({ description: "A WebAssembly module or component", format: "binary" }),
    },
  },
  async read(request) {
    if (request.headers.get("content-type")?.toLowerCase() === rawModule.mediaType)
      return await readModule(request);
    const accepts = ["application/json", ...Object.keys(rawSources), rawModule.mediaType];
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

/** The schemas of a source without a note, for requests that contain one among other members. */
export const sourceShapes = [oneFile.omit({ note: true }).shape, deployedFilesShape] as const;

/** Reads a source that is in a body with other members, which the caller has removed. */
export function readSource(body: JsonValue): WorkflowSource {
  return readDeploy(body).source;
}

async function readModule(request: Request): Promise<DeployRequest> {
  const { entry } = rawModule;
  const bytes = Buffer.from(await readBytes(request, maxDeployBytes));
  return {
    source: { entry, files: {}, binaryFiles: { [entry]: bytes.toString("base64") } },
    note: undefined,
  };
}

/** The form is determined first, because the messages of a union schema would describe both forms. */
function readDeploy(body: JsonValue): DeployRequest {
  const hasFiles = typeof body === "object" && body !== null && ("files" in body || "binaryFiles" in body);
  if (hasFiles) return readFiles(manyFiles, body);
  const { source, language, note, ...given } = parseWith(oneFile, body, "body");
  const { entry = language === "python" ? "workflow.py" : "workflow.ts", ...supplied } = given;
  return { source: { entry, files: { [entry]: source }, ...named(entry, language), ...supplied }, note };
}

function readFiles(schema: typeof draftFiles | typeof manyFiles, body: JsonValue): DeployRequest {
  rejectFileNamedProto(body);
  const parsed: z.output<typeof manyFiles> = parseWith(schema, body, "body");
  const { files = {}, binaryFiles = {}, language, note, ...given } = parsed;
  const all = { ...binaryFiles, ...files };
  if (Object.keys(all).length === 0) throw invalidBody(["files"], "a workflow has one file at least");
  const { entry = onlyFile(all), ...supplied } = given;
  const twice = Object.keys(files).find((name) => Object.hasOwn(binaryFiles, name));
  if (twice !== undefined) throw invalidBody(["binaryFiles", twice], "`files` has a file with this name");
  if (entry === undefined) throw invalidBody(["entry"], "say which of the files exports run");
  if (!Object.hasOwn(all, entry)) throw invalidBody(["entry"], "there is no such file in `files`");
  const binary = Object.keys(binaryFiles).length === 0 ? {} : { binaryFiles };
  return { source: { entry, files, ...binary, ...named(entry, language), ...supplied }, note };
}

/** A language that the entry has anyway is left out, so that the same source has the same digest. */
function named(entry: string, language: Language | undefined): { readonly language?: Language } {
  return language === undefined || language === languageOfEntry(entry) ? {} : { language };
}

/** zod silently drops this key from a record, and the file would be missing. */
function rejectFileNamedProto(body: JsonValue): void {
  for (const member of ["files", "binaryFiles"]) {
    const files: unknown = Reflect.get(Object(body) as object, member);
    if (typeof files === "object" && files !== null && Object.hasOwn(files, "__proto__"))
      throw invalidBody([member, "__proto__"], "a file cannot have this name");
  }
}

function onlyFile(files: Readonly<Record<string, string>>): string | undefined {
  const [first, second] = Object.keys(files);
  return second === undefined ? first : undefined;
}

function isRelativePath(path: string): boolean {
  // oxlint-disable-next-line no-control-regex -- the pattern rejects control characters
  if (/[\u0000-\u001f\u007f\\]/.test(path) || /^[A-Za-z]:/.test(path)) return false;
  // Halves of surrogate pairs are stored as one and the same character, so two names could become one.
  if (!path.isWellFormed()) return false;
  return path.split("/").every((segment) => !["", ".", "..", "__proto__"].includes(segment));
}
