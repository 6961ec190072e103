import type { ReactNode } from "react";
import { Button } from "../components/button.tsx";
import { Form } from "../components/form.tsx";
import type { Attempt } from "../components/use-attempt.ts";

/** Settings that are saved together, with the error of the last attempt. */
export function SettingsForm({
  saving: { isBusy, error, attempt },
  action,
  refusal,
  children,
}: {
  readonly saving: Attempt;
  /** Label of the submit button. */
  readonly action: string;
  /** Why saving is disabled. */
  readonly refusal: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <Form
      className="card card-body stack"
      error={error}
      onSubmit={() => {
        if (refusal === undefined) attempt();
      }}
    >
      {children}
      <div className="row">
        <Button type="submit" kind="primary" refusal={refusal} busy={isBusy}>
          {action}
        </Button>
      </div>
    </Form>
  );
}
