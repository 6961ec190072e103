CREATE TABLE `secrets` (
	`workflow_id` text NOT NULL,
	`name` text NOT NULL,
	`hosts` text NOT NULL,
	`key_id` text NOT NULL,
	`sealed` blob NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`workflow_id`, `name`)
);
