import { workflowObjectName } from "../journal/object-names.ts";

/** The condition that selects executions among all invocations in `sys_invocation`. */
export const executionCondition = `target_service_name = '${workflowObjectName}' AND target_handler_name = 'execute'`;
