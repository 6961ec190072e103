import type { Bench } from "./bench.ts";
import { artifact } from "./benches/artifact.ts";
import { compute } from "./benches/compute.ts";
import { counting } from "./benches/counting.ts";
import { deploy } from "./benches/deploy.ts";
import { executors } from "./benches/executors.ts";
import { fanOut } from "./benches/fan-out.ts";
import { flow } from "./benches/flow.ts";
import { languages } from "./benches/languages.ts";
import { list } from "./benches/list.ts";
import { memory } from "./benches/memory.ts";
import { payload } from "./benches/payload.ts";
import { replay } from "./benches/replay.ts";
import { start } from "./benches/start.ts";
import { throughput } from "./benches/throughput.ts";

/** In the order of measurement: benches without a server first. */
export const benches: readonly Bench[] = [
  start,
  compute,
  counting,
  artifact,
  languages,
  deploy,
  payload,
  throughput,
  executors,
  fanOut,
  flow,
  replay,
  memory,
  list,
];
