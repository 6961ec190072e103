import { describeCrashPoints } from "./crash-points.suite.ts";

describeCrashPoints("as it comes", false);
