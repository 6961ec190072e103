import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { Redirect, Route, Router, Switch, useLocation } from "wouter";
import { Boundary } from "./components/boundary.tsx";
import { Loading } from "./components/loading.tsx";
import { ToastRegion } from "./components/toast.tsx";
import { createQueryClient } from "./query-client.ts";
import { Shell } from "./shell.tsx";
import { NotFound } from "./views/not-found.tsx";

/** Each view is a separate chunk, loaded when it is opened. */
const LogIn = lazy(async () => ({ default: (await import("./views/log-in.tsx")).LogIn }));
const Workflows = lazy(async () => ({ default: (await import("./views/workflows.tsx")).Workflows }));
const Workflow = lazy(async () => ({ default: (await import("./views/workflow.tsx")).Workflow }));
const Executions = lazy(async () => ({ default: (await import("./views/executions.tsx")).Executions }));
const Execution = lazy(async () => ({ default: (await import("./views/execution.tsx")).Execution }));
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

function Views() {
  return (
    <Suspense fallback={<Loading what="view" />}>
      <Switch>
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
        <Route path="/settings/:tab?">{({ tab }) => <Settings tab={tab ?? "api-keys"} />}</Route>
        <Route path="/">
          <Redirect to="/workflows" replace />
        </Route>
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </Suspense>
  );
}
