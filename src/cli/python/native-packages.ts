/** Packages by the module that is imported, where it differs from the name to install. */
const distributionNames: Readonly<Record<string, string>> = {
  attr: "attrs",
  bs4: "beautifulsoup4",
  cv2: "opencv-python",
  dateutil: "python-dateutil",
  dotenv: "python-dotenv",
  jose: "python-jose",
  jwt: "PyJWT",
  more_itertools: "more-itertools",
  PIL: "Pillow",
  slugify: "python-slugify",
  yaml: "PyYAML",
};

/** The name to install a module by. */
export function distributionOf(module: string): string {
  return distributionNames[module] ?? module;
}

/** What to use instead of packages that consist of C or Rust. */
const replacements: Readonly<Record<string, string>> = {
  asyncpg: "Call the database over HTTP with `fetch`, or from a service of yours",
  cryptography: "Use `hashlib` and `hmac`; PyJWT works without it for HS256, HS384 and HS512",
  grpc: "Call the service over HTTP with `fetch`",
  lxml: "Use `xml.etree.ElementTree`",
  msgspec: "Use `dataclasses`, or attrs",
  numpy: "Use `statistics` and `math`, or compute in a service of yours",
  orjson: "Use `json`",
  pandas: "Use `csv` and `statistics`, or compute in a service of yours",
  PIL: "Process images in a service of yours",
  psycopg2: "Call the database over HTTP with `fetch`, or from a service of yours",
  pydantic_core: "Use attrs or `dataclasses`, or a version of pydantic before 2: `pip install 'pydantic<2'`",
  rpds: "Install a version of jsonschema that does not need it: `pip install 'jsonschema<4.18'`",
  ujson: "Use `json`",
};

/** What to do where a module of C or Rust is needed. */
export function replacementOf(module: string): string {
  return (
    replacements[module] ??
    "Use a package in plain Python, or do this work in a service that the workflow calls with `fetch`"
  );
}
