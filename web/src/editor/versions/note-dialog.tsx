import type { Version } from "#client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { maxVersionNoteLength } from "#domain/limits.ts";
import { Dialog } from "../../components/dialog.tsx";
import { TextArea } from "../../components/field.tsx";
import { useToast } from "../../components/toast.tsx";
import { saveNote } from "../../model/versions-api.ts";

/** Edits the note of a version. */
export function NoteDialog({
  version: { workflowId, version, note = "" },
  onClose,
}: {
  readonly version: Version;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState(note);
  const queries = useQueryClient();
  const toast = useToast();
  const save = async () => {
    await saveNote(workflowId, version, text);
    toast.done("Note saved");
    await queries.invalidateQueries({ queryKey: ["versions", workflowId] });
  };
  return (
    <Dialog title={`Note of version ${version}`} submit="Save" onSubmit={save} onClose={onClose}>
      <TextArea
        label="Note"
        at="#/note"
        value={text}
        onChange={setText}
        maxLength={maxVersionNoteLength}
        hint="What this version changes and why. Leave empty to remove the note."
      />
    </Dialog>
  );
}
