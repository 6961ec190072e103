import { describeHangingFetch } from "./hanging-fetch.suite.ts";

describeHangingFetch("as it runs usually", {});
