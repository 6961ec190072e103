import { describeGuestApi } from "./guest-api.suite.ts";

describeGuestApi("as it comes", {});
