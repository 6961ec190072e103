CREATE TABLE `usages` (
	`execution_id` text PRIMARY KEY NOT NULL,
	`fuel_used` integer NOT NULL,
	`ended_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `usages_by_end` ON `usages` (`ended_at`);