#!/bin/sh
# Starts esbuild's own program with limits on what one bundle may use: esbuild's JavaScript starts this in its place
# (ESBUILD_BINARY_PATH). It inherits no environment. Its working directory is empty, and so deep that a relative path
# which leads out of it is longer than the system takes.
#
# BUNDLING_PROGRAM, BUNDLING_FOLDER, BUNDLING_LOG: absolute paths. BUNDLING_CPU_SECONDS, BUNDLING_MEMORY_KIB: numbers.
ulimit -S -t "$BUNDLING_CPU_SECONDS"
# macOS has no such limit.
ulimit -v "$BUNDLING_MEMORY_KIB" 2>/dev/null
# Go lets its heap double before it collects, which is too late for the largest packages: they need more than half of the limit.
memory="GOMEMLIMIT=$((BUNDLING_MEMORY_KIB * 7 / 10))KiB"
cd "$BUNDLING_FOLDER" || exit 1
# Executions come first, but a bundle must end where they keep all processors busy: a third of the weight of one of their threads.
exec nice -n 15 /usr/bin/env -i GOMAXPROCS=2 GOGC=50 "$memory" "$BUNDLING_PROGRAM" "$@" 2>"$BUNDLING_LOG"
