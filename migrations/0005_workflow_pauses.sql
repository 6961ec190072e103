CREATE TABLE `paused_executions` (
	`execution_id` text PRIMARY KEY NOT NULL,
	`workflow_id` text NOT NULL,
	`exempt` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `paused_executions_by_workflow` ON `paused_executions` (`workflow_id`);--> statement-breakpoint
CREATE TABLE `workflow_pauses` (
	`workflow_id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`note` text,
	`running` integer NOT NULL
);
