import { describeCrashPoints } from "./crash-points.suite.ts";
import { fixedProgramNames } from "./fixed-programs.ts";

describeCrashPoints("as it comes", false, fixedProgramNames);
