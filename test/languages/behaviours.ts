import type { Behaviour } from "./behaviour.ts";
import { executions } from "./behaviours/executions.ts";
import { failing } from "./behaviours/failing.ts";
import { fetching } from "./behaviours/fetching.ts";
import { limits } from "./behaviours/limits.ts";
import { waiting } from "./behaviours/waiting.ts";

export const behaviours: readonly Behaviour[] = [
  ...executions,
  ...waiting,
  ...fetching,
  ...failing,
  ...limits,
];
