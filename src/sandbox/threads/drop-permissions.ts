/**
 * Drops the thread's permissions in Node's permission model (`src/confined.ts`). A thread starts with those
 * of the process, but one that runs workflow code needs none of them once its modules are loaded. Dropping
 * cannot be undone.
 */
export function dropPermissions(): void {
  for (const scope of scopes) process.permission?.drop?.(scope);
}

/** All scopes: https://nodejs.org/api/permissions.html. */
const scopes = ["fs", "child", "worker", "addon", "net", "wasi", "inspector", "ffi"] as const;
