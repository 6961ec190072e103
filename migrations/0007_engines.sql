CREATE TABLE `engines` (
	`digest` text PRIMARY KEY NOT NULL,
	`language` text NOT NULL,
	`language_version` text NOT NULL,
	`protocol_version` integer NOT NULL,
	`bytes` integer NOT NULL,
	`artifact_digest` text NOT NULL,
	`file_bytes` integer NOT NULL,
	`added_at` integer NOT NULL,
	`added_by` text NOT NULL,
	`is_current` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `engines_current` ON `engines` (`language`) WHERE "engines"."is_current" = 1;--> statement-breakpoint
CREATE INDEX `engines_by_artifact` ON `engines` (`artifact_digest`);--> statement-breakpoint
ALTER TABLE `versions` ADD `language` text DEFAULT 'javascript' NOT NULL;--> statement-breakpoint
CREATE INDEX `versions_by_engine` ON `versions` (`engine_digest`);