CREATE TABLE `packages` (
	`digest` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`version` text NOT NULL,
	`origin` text NOT NULL,
	`integrity` text,
	`manifest` text NOT NULL,
	`files` integer NOT NULL,
	`bytes` integer NOT NULL,
	`added_at` integer NOT NULL,
	`used_at` integer NOT NULL,
	`is_deployed` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `packages_by_integrity` ON `packages` (`integrity`);