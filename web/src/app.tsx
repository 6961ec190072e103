import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { Redirect, Route, Router, Switch, useLocation } from "wouter";
import { Boundary } from "./components/boundary.tsx";
import { Loading } from "./components/loading.tsx";
import { ToastRegion } from "./components/toast.tsx";
import { createQueryClient } from "./query-client.ts";
import { useRefusal } from "./session/session.tsx";
import { Shell } from "./shell.tsx";
import { NotFound } from "./views/not-found.tsx";

/** Each view is a separate chunk, loaded when it is opened. */
const LogIn = lazy(async () => ({ default: (await import("./views/log-in.tsx")).LogIn }));
const Workflows = lazy(async () => ({ default: (await import("./views/workflows.tsx")).Workflows }));
const Workflow = lazy(async () => ({ default: (await import("./views/workflow.tsx")).Workflow }));
const Executions = lazy(async () => ({ default: (await import("./views/executions.tsx")).Executions }));
const Execution = lazy(async () => ({ default: (await import("./views/execution.tsx")).Execution }));
const Overview = lazy(async () => ({ default: (await import("./views/overview.tsx")).Overview }));
const Failures = lazy(async () => ({ default: (await import("./views/failures.tsx")).Failures }));
const Alerts = lazy(async () => ({ default: (await import("./views/alerts.tsx")).Alerts }));
const Queues = lazy(async () => ({ default: (await import("./views/queues.tsx")).Queues }));
const Queue = lazy(async () => ({ default: (await import("./views/queue.tsx")).Queue }));
const Schedules = lazy(async () => ({ default: (await import("./views/schedules.tsx")).Schedules }));
const Schedule = lazy(async () => ({ default: (await import("./views/schedule.tsx")).Schedule }));
const NewSchedule = lazy(async () => ({ default: (await import("./views/edit-schedule.tsx")).NewSchedule }));
const EditSchedule = lazy(async () => ({
  default: (await import("./views/edit-schedule.tsx")).EditSchedule,
}));
const Settings = lazy(async () => ({ default: (await import("./views/settings.tsx")).Settings }));

/** The web UI. */
export function App() {
  const [queries] = useState(createQueryClient);
  return (
    <QueryClientProvider client={queries}>
      <Router base="/app">
        <Boundary>
          <Suspense fallback={<Loading what="Duranium" />}>
            <Switch>
              <Route path="/login">
                <LogIn />
              </Route>
              <Route>
                <Shell>
                  <Place />
                </Shell>
              </Route>
            </Switch>
          </Suspense>
        </Boundary>
      </Router>
      <ToastRegion />
    </QueryClientProvider>
  );
}

/** Resets the error boundary when the location changes. */
function Place() {
  const [location] = useLocation();
  return (
    <Boundary place={location}>
      <Views />
    </Boundary>
  );
}

/** The overview shows executions, which not every key may read. */
function Home() {
  const isRefused = useRefusal("executions:read") !== undefined;
  return <Redirect to={isRefused ? "/workflows" : "/overview"} replace />;
}

function Views() {
  return (
    <Suspense fallback={<Loading what="view" />}>
      <Switch>
        <Route path="/overview">
          <Overview />
        </Route>
        <Route path="/failures">
          <Failures />
        </Route>
        <Route path="/alerts/:tab?">{({ tab }) => <Alerts tab={tab ?? "sent"} />}</Route>
        <Route path="/workflows">
          <Workflows />
        </Route>
        <Route path="/workflows/:workflowId/:tab?">
          {({ workflowId, tab }) => (
            <Workflow key={workflowId} workflowId={workflowId} tab={tab ?? "editor"} />
          )}
        </Route>
        <Route path="/executions">
          <Executions />
        </Route>
        <Route path="/executions/:executionId">
          {({ executionId }) => <Execution key={executionId} executionId={executionId} />}
        </Route>
        <Route path="/schedules">
          <Schedules />
        </Route>
        <Route path="/schedules/new">
          <NewSchedule />
        </Route>
        <Route path="/schedules/:scheduleId">
          {({ scheduleId }) => <Schedule key={scheduleId} scheduleId={scheduleId} />}
        </Route>
        <Route path="/schedules/:scheduleId/edit">
          {({ scheduleId }) => <EditSchedule key={scheduleId} scheduleId={scheduleId} />}
        </Route>
        <Route path="/queues">
          <Queues />
        </Route>
        <Route path="/queues/:queueId">
          {({ queueId }) => <Queue key={queueId} queueId={decodeURIComponent(queueId)} />}
        </Route>
        <Route path="/settings/:tab?">{({ tab }) => <Settings tab={tab ?? "api-keys"} />}</Route>
        <Route path="/">
          <Home />
        </Route>
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </Suspense>
  );
}
