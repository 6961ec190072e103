import semver from "semver";
export function run() {
  return [
    semver.satisfies("1.2.3", "^1.0.0 || >=3"),
    semver.inc("1.2.3-rc.1", "minor"),
    ["1.10.0", "1.9.0"].sort(semver.compare),
    semver.coerce("v2").version,
  ];
}
