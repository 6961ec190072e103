/** What packages ask `navigator` for, to see where they run. */
export const navigator = Object.freeze({
  userAgent: "Duranium",
  language: "en-US",
  languages: Object.freeze(["en-US"]),
  onLine: true,
  hardwareConcurrency: 1,
});
