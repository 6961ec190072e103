/** Why a package does not run, or gives another result. */
export const reasons: Readonly<Record<string, string>> = {
  superagent: "Its build for browsers, which is bundled, needs XMLHttpRequest: use fetch, ky or axios.",
  undici:
    "It opens sockets itself, and a workflow has none: use the global fetch, which is undici outside of the sandbox.",
  "form-data": "Its build for browsers, which is bundled, is the platform's FormData: without getBuffer.",
  turndown: "Its build for browsers, which is bundled, needs the document of a page.",
  "dinero.js":
    "Its allocate sorts by a comparator that is inconsistent for equal ratios: which share gets the rest depends on the engine.",
  pino: "Its build for browsers, which is bundled, writes to the console and ignores a destination.",
  twilio: "The bundle has 9.4 MiB, and the limit is 8 MiB: call its REST API by fetch.",
  "hubspot-api-client":
    "The bundle has 11.6 MiB, and the limit is 8 MiB: import a part, as @hubspot/api-client/lib/codegen/crm/contacts.",
  square: "Bundling it takes more than 2 GiB of memory.",
  "azure-storage-blob":
    "Its build for browsers, which is bundled, has no StorageSharedKeyCredential: use a SAS token.",
  "azure-data-tables": "Its XML needs the document of a page: use fetch.",
  "azure-core-rest-pipeline":
    "It runs. Where a body has no content type, fetch sends text/plain, and Node's build nothing.",
  "discordjs-rest": "A package beneath it needs Atomics at its top level, which the sandbox does not have.",
};
