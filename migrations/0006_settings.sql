CREATE TABLE `workflow_settings` (
	`workflow_id` text PRIMARY KEY NOT NULL,
	`settings` text NOT NULL,
	`updated_at` integer NOT NULL
);
