import { describeCrashPoints } from "./crash-points.suite.ts";

describeCrashPoints("replayed at every await", true);
