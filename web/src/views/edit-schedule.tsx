import { useQueryClient } from "@tanstack/react-query";
import { useLocation, useSearch } from "wouter";
import { Loading } from "../components/loading.tsx";
import { Page } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { useToast } from "../components/toast.tsx";
import { useWorkflowIds } from "../workflow-ids.ts";
import { definitionOf, draftOf, newDraft } from "../schedules/editor/schedule-draft.ts";
import type { ScheduleDraft } from "../schedules/editor/schedule-draft.ts";
import { ScheduleForm } from "../schedules/editor/schedule-form.tsx";
import { saveSchedule, useSchedule } from "../schedules/schedules-api.ts";
import { useRefusal } from "../session/session.tsx";
import { viewerZone } from "../time/zoned.ts";

export function NewSchedule() {
  const workflow = new URLSearchParams(useSearch()).get("workflow") ?? "";
  const refusal = useRefusal("schedules:manage");
  const workflows = useWorkflowIds();
  const save = useSave();
  return (
    <Page title="New schedule">
      <ScheduleForm
        isNew
        initial={newDraft(workflow, viewerZone)}
        workflows={workflows}
        refusal={refusal}
        onSave={save}
      />
    </Page>
  );
}

export function EditSchedule({ scheduleId }: { readonly scheduleId: string }) {
  const { data, error } = useSchedule(scheduleId);
  const refusal = useRefusal("schedules:manage", data?.workflowId);
  const workflows = useWorkflowIds();
  const save = useSave();
  return (
    <Page title={`Edit ${scheduleId}`}>
      {data === undefined ? (
        error === null ? (
          <Loading what="schedule" />
        ) : (
          <Problem error={error} />
        )
      ) : (
        <ScheduleForm
          isNew={false}
          initial={draftOf(data)}
          workflows={workflows}
          refusal={refusal}
          onSave={save}
        />
      )}
    </Page>
  );
}

/** Saves a draft and shows the schedule. */
function useSave(): (draft: ScheduleDraft) => Promise<void> {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const toast = useToast();
  return async (draft) => {
    const id = draft.id.trim();
    await saveSchedule(id, definitionOf(draft));
    toast.done("Schedule saved");
    await queries.invalidateQueries({ queryKey: ["schedule", id] });
    navigate(`/schedules/${id}`);
  };
}
