import type { ReactNode } from "react";
import { Button } from "../components/button.tsx";
import { Form } from "../components/form.tsx";
import type { Attempt } from "../components/use-attempt.ts";

/** Fields of settings that are saved together, and what the last try to save them failed with. */
export function SettingsForm({
  saving: { isBusy, error, attempt },
  action,
  refusal,
  children,
}: {
  readonly saving: Attempt;
  /** What the button says. */
  readonly action: string;
  /** Why nothing can be saved. */
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
