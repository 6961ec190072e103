import { MiB } from "../../base/binary-units.ts";

/** Limits of the pool: instances, threads, and how long a turn may block others. */

/** Instances in use. Each takes 10 to 64 MiB. Further executions wait. */
export const maxInstances = 64;

/**
 * How long a waiting execution keeps its instance while others need one. It is replayed when it resumes, which must
 * stay the exception for an execution that waits for a quick answer.
 */
export const instanceYieldAfterMs = 250;

/** Interval at which waiting executions are checked for instances to reclaim. */
export const instanceReclaimIntervalMs = 50;

/**
 * A turn that runs longer blocks the other guests of its thread, so these are moved to another thread. The check
 * runs at this interval, and a turn that started between two checks is noticed late. Most turns take less than a
 * millisecond.
 */
export const longTurnMs = 10;

/**
 * A turn that runs longer lowers its priority: the priority of its thread is reduced, and a new thread replaces it.
 * On a busy machine this takes several times as long in wall-clock time, and until then the turn competes with all
 * others.
 */
export const lowerPriorityAfterMs = 100;

/**
 * Upper bound of the time that a guest takes per unit of fuel. Doubling strings is the slowest, because it mostly
 * waits for memory.
 */
export const slowestFuelNs = 4;

/**
 * First turns of executions, running or waiting, per thread. Most take a millisecond, or ten if an instance has to
 * be created.
 */
export const maxFirstTurnsPerThread = 2;

/** A first turn that takes longer no longer counts among those. */
export const firstTurnMs = 50;

/** Share of one core that the long turns of a workflow may use before the workflow counts as long-running. */
export const longTurnShare = 0.05;

/**
 * How long, after such a turn or after many shorter ones, a workflow is executed on low-priority threads if one of
 * them is free.
 */
export const longWorkflowForMs = 60_000;

/** Workflows that are recorded as long-running, most recent first. */
export const maxLongWorkflows = 1_000;

/** Threads above the configured number while turns take long. Once all are in use, guests wait for them. */
export const maxExtraThreads = 16;

/** How long an extra thread is kept for the next long turn. */
export const extraThreadTimeoutMs = 60_000;

/** Turns of a guest that are recorded so that another thread can replay them. */
export const maxRememberedTurns = 1_000;

/** Total size of the inputs of those turns. */
export const maxRememberedBytes = MiB;

/** Fuel of those turns: half a second in which the other thread is busy replaying them. */
export const maxRememberedFuel = 1e9;

/**
 * Initial memories of the engines that a thread keeps a copy of. Those of the languages have 9 to 16 MiB; a module that
 * an author deployed has its own.
 */
export const maxThreadEngineBytes = 96 * MiB;

/** Decoded images in memory. A typical one takes 0.6 MiB. */
export const maxCachedImageBytes = 128 * MiB;
