import { describeCrashPoints } from "./crash-points.suite.ts";

// The other one takes longer than all else that is tested.
describeCrashPoints("replayed at every await", true, ["fetching"]);
