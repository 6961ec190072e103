/*
 * Fetches the URL of its payload, `{"url":"https://…","waitMs":1000}`, waits, and counts its executions in the workflow's state.
 *
 * C has no coroutines, so the program is a state machine: each result says which call it answers, and what comes next.
 */
#include "duranium.h"

/* Only for this example's tests: `{"spend":"fuel"}` and `{"spend":"memory"}` use up what an execution has. */
static void spend(text what) {
  volatile u32 turns = 0;
  for (;;) {
    turns += 1;
    if (starts_with(what, "memory")) allocate(65536);
  }
}

static u32 fetched, slept, counted, stored;
static double wait_ms;
static size_t received;
static unsigned long long executions;
static text greeting;

void workflow_evaluate(void) { greeting = text_of("Hello from C"); }

static unsigned long long number_in(text digits) {
  unsigned long long number = 0;
  for (size_t at = 0; at < digits.length && digits.at[at] >= '0' && digits.at[at] <= '9'; at += 1)
    number = number * 10 + (unsigned long long)(digits.at[at] - '0');
  return number;
}

void workflow_run(text payload) {
  text exhausted = json_member(payload, "spend");
  if (exhausted.at) spend(exhausted);
  text url = json_member(payload, "url");
  if (!url.at) return fail("TypeError", text_of("The payload has no url"));
  wait_ms = (double)number_in(json_member(payload, "waitMs"));
  console(LOG_INFO, greeting);
  buffer arguments = {0};
  append_literal(&arguments, "{\"url\":\"");
  append(&arguments, url); /* Still escaped, as it was in the payload. */
  append_literal(&arguments, "\"}");
  fetched = call("fetch", arguments, (text){0});
}

static void sleep_then_count(text body) {
  received = body.length;
  buffer arguments = {0};
  append_literal(&arguments, "{\"durationMs\":");
  append_number(&arguments, (unsigned long long)wait_ms);
  append_literal(&arguments, "}");
  slept = call("sleep", arguments, (text){0});
}

static void read_count(void) {
  buffer arguments = {0};
  append_literal(&arguments, "{\"action\":\"get\",\"key\":\"executions\"}");
  counted = call("state", arguments, (text){0});
}

static void store_count(text outcome) {
  /* `{"ok":true,"value":{"value":3,"revision":"…"}}`, without the inner value before the first one is stored. */
  executions = number_in(json_member(json_member(outcome, "value"), "value")) + 1;
  buffer arguments = {0};
  append_literal(&arguments, "{\"action\":\"set\",\"key\":\"executions\",\"value\":");
  append_number(&arguments, executions);
  append_literal(&arguments, "}");
  stored = call("state", arguments, (text){0});
}

static void return_result(void) {
  buffer value = {0};
  append_literal(&value, "{\"bytes\":");
  append_number(&value, received);
  append_literal(&value, ",\"executions\":");
  append_number(&value, executions);
  append_literal(&value, ",\"at\":");
  append_number(&value, (unsigned long long)execution.now);
  append_literal(&value, "}");
  complete(value);
}

void workflow_result(u32 id, text outcome, text body) {
  if (!is_ok(outcome)) return fail("Error", json_member(outcome, "message"));
  if (id == fetched) sleep_then_count(body);
  else if (id == slept) read_count();
  else if (id == counted) store_count(outcome);
  else if (id == stored) return_result();
}

/* All calls in flight have been withdrawn. */
void workflow_cancelled(void) { fail("CancelledError", text_of("The execution was cancelled")); }
