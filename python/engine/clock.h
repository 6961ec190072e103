// The clock of the execution. It moves only when the host delivers something.
#ifndef DURANIUM_CLOCK_H
#define DURANIUM_CLOCK_H

// Milliseconds since the Unix epoch. Zero while a workflow is evaluated.
extern double clock_now;

// Moves the clock to `now`, unless it is there or past it already.
void clock_advance(double now);

#endif
