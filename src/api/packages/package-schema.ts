import { z } from "zod";
import { MiB } from "../../base/binary-units.ts";
import { isDigest } from "../../base/digest.ts";
import { packageLock } from "../contract/package.ts";
import { maxDependencies } from "../contract/limits.ts";
import { type BodyReader, readBytes } from "../http/body.ts";

/** A package name by npm's current rules, which do not allow capitals. */
export const packageName = z
  .string()
  .max(214, "a package name has 214 characters at most")
  .regex(/^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/, "this is no name of an npm package")
  .meta({ examples: ["zod"] });

/** The oldest packages have names with capitals. */
const requestedName = z
  .string()
  .max(214, "a package name has 214 characters at most")
  .regex(/^(?:@[A-Za-z0-9~-][\w.~-]*\/)?[A-Za-z0-9~-][\w.~-]*$/, "this is no name of an npm package")
  .meta({ examples: ["zod"] });

const versionRange = z
  .string()
  .min(1, "say a version, a range or a tag, as ^4.6.0 or latest")
  .max(256, "a range has 256 characters at most")
  .meta({ examples: ["^4.6.0"] });

const packages = z
  .record(requestedName, versionRange)
  .refine(
    (requested) => Object.keys(requested).length <= maxDependencies,
    `a workflow has ${maxDependencies} packages at most`,
  )
  .meta({
    description:
      "Packages by name, each with a version, a range, a tag, or `upload:` and the digest of an uploaded package. They are taken from the " +
      "operator's packages folder if it has such a version, else from the operator's registry",
  });

/** The members of a source that name its packages. */
export const packageMembers = {
  packages: packages.exactOptional(),
  packageLock: packageLock.exactOptional(),
};

export const resolveRequest = z
  .strictObject({
    packages,
    packageLock: packageLock
      .exactOptional()
      .meta({ description: "The previous lock. Its packages are kept where they satisfy the ranges" }),
  })
  .meta({ id: "ResolvePackages" });

export const packagesQuery = z.strictObject({
  query: z
    .string()
    .trim()
    .max(214, "a search has 214 characters at most")
    .default("")
    .meta({ description: "A part of the name", examples: ["zod"] }),
});

export const packageParameters = z.strictObject({
  digest: z.string().refine(isDigest, "a digest has 64 lower-case hexadecimal digits").meta({
    description: "The digest of a package's files",
  }),
});

/** A request to resolve packages contains a lock of up to 500 packages. */
export const maxResolveBytes = MiB;

/** An uploaded tarball. */
const maxUploadBytes = 24 * MiB;

const tarballTypes = ["application/gzip", "application/x-gzip", "application/octet-stream"];

/** A .tgz, as `npm pack` makes it. The content type does not matter: the bytes are checked. */
export const tarballBody: BodyReader<Uint8Array> = {
  required: true,
  content: Object.fromEntries(
    tarballTypes.map((type) => [
      type,
      { schema: z.string().meta({ description: "A .tgz, as `npm pack` makes it", format: "binary" }) },
    ]),
  ),
  read: async (request) => await readBytes(request, maxUploadBytes, "the package"),
};
