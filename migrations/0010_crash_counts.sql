CREATE TABLE `crash_counts` (
	`execution_id` text PRIMARY KEY NOT NULL,
	`turn` integer NOT NULL,
	`crashes` real NOT NULL,
	`crashed_at` integer NOT NULL
);
