/** A package that is tried, by the name of its case: `cases/<name>.py`. */
export interface TriedPackage {
  readonly name: string;
  /** As `pip install` names it. */
  readonly package: string;
  readonly version: string;
}

export const packages: readonly TriedPackage[] = [
  { name: "httpx", package: "httpx", version: "0.28.1" },
  { name: "requests", package: "requests", version: "2.34.2" },
  { name: "attrs", package: "attrs", version: "26.1.0" },
  { name: "pyyaml", package: "PyYAML", version: "6.0.3" },
  { name: "jinja2", package: "Jinja2", version: "3.1.6" },
  { name: "dateutil", package: "python-dateutil", version: "2.9.0.post0" },
  { name: "pyjwt", package: "PyJWT", version: "2.15.1" },
  { name: "jsonschema", package: "jsonschema", version: "4.25.1" },
  { name: "tenacity", package: "tenacity", version: "9.1.4" },
  { name: "more-itertools", package: "more-itertools", version: "11.1.0" },
  { name: "markdown", package: "Markdown", version: "3.11" },
];
