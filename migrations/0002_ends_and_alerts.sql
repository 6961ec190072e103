CREATE TABLE `alert_deliveries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`alert_id` text NOT NULL,
	`channel_id` text NOT NULL,
	`channel` text NOT NULL,
	`target` text NOT NULL,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`next_attempt_at` integer,
	`claimed_by` text,
	`delivered_at` integer,
	`error` text,
	`execution_id` text,
	FOREIGN KEY (`alert_id`) REFERENCES `alerts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `alert_deliveries_by_alert` ON `alert_deliveries` (`alert_id`);--> statement-breakpoint
CREATE INDEX `alert_deliveries_due` ON `alert_deliveries` (`next_attempt_at`) WHERE next_attempt_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `alert_incidents` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`rule_id` text NOT NULL,
	`workflow_id` text NOT NULL,
	`opened_at` integer NOT NULL,
	`closed_at` integer,
	`count` integer NOT NULL,
	`last_at` integer NOT NULL,
	`summary` text NOT NULL,
	`execution_id` text,
	`failure_id` text,
	`alerted_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `alert_incidents_open` ON `alert_incidents` (`rule_id`,`workflow_id`) WHERE closed_at IS NULL;--> statement-breakpoint
CREATE INDEX `alert_incidents_by_alert` ON `alert_incidents` (`rule_id`,`workflow_id`,`alerted_at`);--> statement-breakpoint
CREATE TABLE `alert_progress` (
	`id` integer PRIMARY KEY NOT NULL,
	`sequence` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `alert_rules` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`workflow_id` text,
	`is_enabled` integer NOT NULL,
	`condition` text NOT NULL,
	`sends_recovery` integer NOT NULL,
	`quiet_ms` integer NOT NULL,
	`key_id` text NOT NULL,
	`encrypted` blob NOT NULL,
	`since_sequence` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `alerts` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`rule_id` text NOT NULL,
	`workflow_id` text,
	`kind` text NOT NULL,
	`created_at` integer NOT NULL,
	`sealed_at` integer,
	`content` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `alerts_id_unique` ON `alerts` (`id`);--> statement-breakpoint
CREATE INDEX `alerts_by_rule` ON `alerts` (`rule_id`,`kind`,`created_at`);--> statement-breakpoint
CREATE INDEX `alerts_by_time` ON `alerts` (`created_at`);--> statement-breakpoint
CREATE TABLE `execution_counts` (
	`slot_ms` integer NOT NULL,
	`at` integer NOT NULL,
	`workflow_id` text NOT NULL,
	`outcome` text NOT NULL,
	`duration_class` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`slot_ms`, `at`, `workflow_id`, `outcome`, `duration_class`)
);
--> statement-breakpoint
CREATE TABLE `execution_ends` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`execution_id` text NOT NULL,
	`workflow_id` text NOT NULL,
	`version` integer,
	`entry_point` text,
	`outcome` text NOT NULL,
	`started_at` integer,
	`ended_at` integer NOT NULL,
	`fuel_used` integer,
	`failure_id` text,
	`code` text,
	`name` text,
	`message` text,
	`file` text,
	`line` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `execution_ends_execution_id_unique` ON `execution_ends` (`execution_id`);--> statement-breakpoint
CREATE INDEX `execution_ends_by_end` ON `execution_ends` (`ended_at`);--> statement-breakpoint
CREATE INDEX `execution_ends_by_workflow` ON `execution_ends` (`workflow_id`,`sequence`);--> statement-breakpoint
CREATE INDEX `execution_ends_failures_by_workflow` ON `execution_ends` (`workflow_id`,`ended_at`) WHERE failure_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `execution_ends_by_failure` ON `execution_ends` (`failure_id`,`ended_at`) WHERE failure_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `versions_by_time` ON `versions` (`deployed_at`);