CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`prefix` text NOT NULL,
	`hash` text NOT NULL,
	`scopes` text NOT NULL,
	`workflows` text,
	`expires_at` integer,
	`created_at` integer NOT NULL,
	`last_used_at` integer,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_hash_unique` ON `api_keys` (`hash`);--> statement-breakpoint
CREATE INDEX `api_keys_by_creation` ON `api_keys` (`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `audit_log` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`actor_id` text NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`workflow_id` text,
	`address` text NOT NULL,
	`status` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_log_by_actor` ON `audit_log` (`actor`,`id`);--> statement-breakpoint
CREATE INDEX `audit_log_by_action` ON `audit_log` (`action`,`id`);--> statement-breakpoint
CREATE INDEX `audit_log_by_workflow` ON `audit_log` (`workflow_id`,`id`);--> statement-breakpoint
CREATE TABLE `drafts` (
	`workflow_id` text PRIMARY KEY NOT NULL,
	`source` text NOT NULL,
	`revision` text NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `execution_usage` (
	`execution_id` text PRIMARY KEY NOT NULL,
	`fuel_used` integer NOT NULL,
	`ended_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `execution_usage_by_end` ON `execution_usage` (`ended_at`);--> statement-breakpoint
CREATE TABLE `logs` (
	`execution_id` text NOT NULL,
	`number` integer NOT NULL,
	`level` text NOT NULL,
	`at` integer NOT NULL,
	`line` text NOT NULL,
	PRIMARY KEY(`execution_id`, `number`)
);
--> statement-breakpoint
CREATE TABLE `secrets` (
	`workflow_id` text NOT NULL,
	`name` text NOT NULL,
	`hosts` text NOT NULL,
	`key_id` text NOT NULL,
	`encrypted` blob NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`workflow_id`, `name`)
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`key_hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sessions_by_key` ON `sessions` (`key_hash`,`last_used_at`);--> statement-breakpoint
CREATE TABLE `sources` (
	`digest` text PRIMARY KEY NOT NULL,
	`source` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `versions` (
	`workflow_id` text NOT NULL,
	`version` integer NOT NULL,
	`deploy_id` text NOT NULL,
	`source_digest` text NOT NULL,
	`image_digest` text NOT NULL,
	`engine_digest` text NOT NULL,
	`bundle_digest` text NOT NULL,
	`source_map_digest` text NOT NULL,
	`protocol_version` integer NOT NULL,
	`source_bytes` integer NOT NULL,
	`bundle_bytes` integer NOT NULL,
	`image_bytes` integer NOT NULL,
	`image_pages` integer NOT NULL,
	`bundle_ms` real NOT NULL,
	`evaluate_ms` real NOT NULL,
	`image_ms` real NOT NULL,
	`deployed_by` text NOT NULL,
	`deployed_at` integer NOT NULL,
	`note` text,
	PRIMARY KEY(`workflow_id`, `version`),
	FOREIGN KEY (`workflow_id`) REFERENCES `workflows`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`source_digest`) REFERENCES `sources`(`digest`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `versions_deploy_id_unique` ON `versions` (`deploy_id`);--> statement-breakpoint
CREATE TABLE `webhook_signatures` (
	`digest` text PRIMARY KEY NOT NULL,
	`seen_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `webhook_signatures_by_time` ON `webhook_signatures` (`seen_at`);--> statement-breakpoint
CREATE TABLE `webhooks` (
	`id` text PRIMARY KEY NOT NULL,
	`workflow_id` text NOT NULL,
	`entry_point` text,
	`scheme` text NOT NULL,
	`payload` text NOT NULL,
	`token_hash` text NOT NULL,
	`key_id` text,
	`encrypted` blob,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `webhooks_token_hash_unique` ON `webhooks` (`token_hash`);--> statement-breakpoint
CREATE INDEX `webhooks_by_workflow` ON `webhooks` (`workflow_id`);--> statement-breakpoint
CREATE TABLE `workflow_settings` (
	`workflow_id` text PRIMARY KEY NOT NULL,
	`settings` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `workflows` (
	`id` text PRIMARY KEY NOT NULL,
	`created_at` integer NOT NULL,
	`latest_version` integer NOT NULL,
	`removed_at` integer
);
