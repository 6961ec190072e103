import type { Browser } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { describeInBrowser, launchBrowser, openPage } from "../support/browser.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import type { Desk } from "./desk.ts";
import { describeExecutions } from "./executions.suite.ts";
import { describeLogIn } from "./log-in.suite.ts";
import { describeOperations } from "./operations.suite.ts";
import { describeQueues } from "./queues.suite.ts";
import { describeSchedules } from "./schedules.suite.ts";
import { describeSettings } from "./settings.suite.ts";
import { describeViews } from "./views.suite.ts";

describeInBrowser("the web UI", () => {
  let instance: Instance;
  let browser: Browser;
  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
  });
  const desk: Desk = {
    get instance() {
      return instance;
    },
    open: async (options) => await openPage(browser, instance, options),
  };

  describeLogIn(desk);
  describeExecutions(desk);
  describeOperations(desk);
  describeQueues(desk);
  describeSchedules(desk);
  describeSettings(desk);
  describeViews(desk);
});
