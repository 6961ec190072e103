/**
 * Where Node holds permissions (`src/confined.ts`), a thread begins with those of the process. One that runs other
 * people's code needs none of them once its own modules are loaded, and gives them up, which cannot be undone.
 */
export function dropPermissions(): void {
  for (const scope of scopes) process.permission?.drop?.(scope);
}

/** All that there are: https://nodejs.org/api/permissions.html. */
const scopes = ["fs", "child", "worker", "addon", "net", "wasi", "inspector", "ffi"] as const;
