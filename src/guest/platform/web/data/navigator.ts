/** The properties of `navigator` that packages read to detect their environment. */
export const navigator = Object.freeze({
  userAgent: "Duranium",
  language: "en-US",
  languages: Object.freeze(["en-US"]),
  onLine: true,
  hardwareConcurrency: 1,
});
