CREATE TABLE `hooks` (
	`id` text PRIMARY KEY NOT NULL,
	`workflow_id` text NOT NULL,
	`entry_point` text,
	`scheme` text NOT NULL,
	`payload` text NOT NULL,
	`token_hash` text NOT NULL,
	`key_id` text,
	`sealed` blob,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `hooks_token_hash_unique` ON `hooks` (`token_hash`);--> statement-breakpoint
CREATE INDEX `hooks_by_workflow` ON `hooks` (`workflow_id`);