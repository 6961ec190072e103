/** Runs all workloads in its own process and prints their fingerprints as JSON. */
import { fingerprintsOf } from "./fingerprints.ts";
import { loadTestEngine } from "./images.ts";

process.stdout.write(JSON.stringify(await fingerprintsOf(await loadTestEngine())));
