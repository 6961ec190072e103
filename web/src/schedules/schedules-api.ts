import type { Schedule } from "#client";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";
import type { NextRun, Overlap, ScheduleDefinition, ScheduleSpec } from "./schedule.ts";

/** Polled, because schedules run by themselves. */
const liveMs = 2_000;

/** One schedule with its next ten runs. */
export function useSchedule(scheduleId: string) {
  return useQuery({
    queryKey: ["schedule", scheduleId],
    queryFn: async ({ signal }): Promise<Schedule> =>
      await api.get("/schedules/{scheduleId}", { params: { path: { scheduleId } }, signal }),
    refetchInterval: liveMs,
  });
}

/** The next ten runs of a specification. Rejects with the errors of its fields. */
export async function previewSpec(spec: ScheduleSpec, signal: AbortSignal): Promise<readonly NextRun[]> {
  return (await api.post("/schedules/preview", { body: { spec }, signal })).next;
}

export async function saveSchedule(scheduleId: string, definition: ScheduleDefinition): Promise<Schedule> {
  return await api.put("/schedules/{scheduleId}", { params: { path: { scheduleId } }, body: definition });
}

export async function deleteSchedule(scheduleId: string): Promise<void> {
  await api.delete("/schedules/{scheduleId}", { params: { path: { scheduleId } } });
}

export async function pauseSchedule(scheduleId: string, note: string): Promise<void> {
  await api.post("/schedules/{scheduleId}/pause", {
    params: { path: { scheduleId } },
    body: note === "" ? {} : { note },
  });
}

export async function resumeSchedule(scheduleId: string, note: string): Promise<void> {
  await api.post("/schedules/{scheduleId}/resume", {
    params: { path: { scheduleId } },
    body: note === "" ? {} : { note },
  });
}

export async function triggerSchedule(scheduleId: string) {
  return await api.post("/schedules/{scheduleId}/trigger", { params: { path: { scheduleId } } });
}

export async function backfillSchedule(
  scheduleId: string,
  range: { readonly start: string; readonly end: string; readonly overlap?: Overlap },
) {
  return await api.post("/schedules/{scheduleId}/backfill", {
    params: { path: { scheduleId } },
    body: range,
  });
}
