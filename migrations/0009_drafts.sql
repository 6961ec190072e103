CREATE TABLE `drafts` (
	`workflow_id` text PRIMARY KEY NOT NULL,
	`source` text NOT NULL,
	`revision` text NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL
);
