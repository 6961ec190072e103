import { useState } from "react";
import type { PreviewSession } from "#preview/contract/preview.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { useToast } from "../../components/toast.tsx";
import type { Draft } from "../../drafts/draft.ts";
import { whyNotCaseName, withCase } from "./case-files.ts";

/** Saves a preview that has ended as a case of the draft. */
export function SaveCase({
  session,
  draft,
  refusal,
  onEdit,
}: {
  readonly session: PreviewSession;
  readonly draft: Draft;
  readonly refusal: string | undefined;
  readonly onEdit: (draft: Draft) => void;
}) {
  const [name, setName] = useState<string>();
  const toast = useToast();
  if (name === undefined) {
    return (
      <Button size="small" icon="plus" refusal={refusal} onClick={() => setName("")}>
        Save as case…
      </Button>
    );
  }
  const whyNot = whyNotCaseName(name, draft);
  const save = async () => {
    try {
      onEdit(withCase(draft, name, await session.recording()));
      setName(undefined);
      toast.done(`Case ${name.trim()} saved`);
    } catch (error) {
      toast.error(error);
    }
  };
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (whyNot === undefined) void save();
      }}
    >
      <TextField
        label="Name of the case"
        value={name}
        onChange={setName}
        error={name === "" ? undefined : whyNot}
      />
      <Button size="small" type="submit" kind="primary" refusal={whyNot}>
        Save case
      </Button>
      <Button size="small" kind="quiet" onClick={() => setName(undefined)}>
        Cancel
      </Button>
    </form>
  );
}
