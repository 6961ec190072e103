CREATE TABLE `hook_signatures` (
	`digest` text PRIMARY KEY NOT NULL,
	`seen_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `hook_signatures_by_time` ON `hook_signatures` (`seen_at`);