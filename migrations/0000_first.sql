CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`prefix` text NOT NULL,
	`hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_hash_unique` ON `api_keys` (`hash`);--> statement-breakpoint
CREATE INDEX `api_keys_by_creation` ON `api_keys` (`created_at`,`id`);--> statement-breakpoint
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
	PRIMARY KEY(`workflow_id`, `version`),
	FOREIGN KEY (`workflow_id`) REFERENCES `workflows`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`source_digest`) REFERENCES `sources`(`digest`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `versions_deploy_id_unique` ON `versions` (`deploy_id`);--> statement-breakpoint
CREATE TABLE `workflows` (
	`id` text PRIMARY KEY NOT NULL,
	`created_at` integer NOT NULL,
	`latest_version` integer NOT NULL,
	`removed_at` integer
);
