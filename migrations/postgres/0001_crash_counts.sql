CREATE TABLE "crash_counts" (
	"execution_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"turn" bigint NOT NULL,
	"crashes" double precision NOT NULL,
	"crashed_at" bigint NOT NULL
);
