/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/process.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "idp/base/metrics.h"

#define SECOND_US INT64_C(1000000)
#define STAT_BYTES 1024
#define LINE_BYTES 256

/* Numbered as in proc(5), where the first field behind the name is the third. */
#define FIELD_FIRST 3
#define FIELD_THREADS 20
#define FIELD_STARTED 22 /* in ticks since boot */
#define FIELD_PAGES 24

static void
cpu_tell(void)
{
    struct rusage used;

    if (getrusage(RUSAGE_SELF, &used) == 0)
        metric_tell(METRIC_PROCESS_CPU,
                    (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * SECOND_US +
                        used.ru_utime.tv_usec + used.ru_stime.tv_usec,
                    0);
}

static void
descriptors_tell(void)
{
    DIR *folder = opendir("/proc/self/fd");
    struct rlimit limit;
    int64_t open = -3; /* ".", ".." and the folder itself */

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
        metric_tell(METRIC_PROCESS_MAX_FDS, (int64_t)limit.rlim_cur, 0);
    if (folder == NULL)
        return;
    while (readdir(folder) != NULL)
        open++;
    closedir(folder);
    metric_tell(METRIC_PROCESS_OPEN_FDS, open, 0);
}

/* When the machine was started, in seconds since 1970; 0: unknown. */
static int64_t
boot_read(void)
{
    FILE *file = fopen("/proc/stat", "re");
    char line[LINE_BYTES];
    int64_t boot = 0;

    if (file == NULL)
        return 0;
    while (boot == 0 && fgets(line, sizeof(line), file) != NULL)
        if (strncmp(line, "btime ", 6) == 0)
            boot = strtoll(line + 6, NULL, 10);
    fclose(file);
    return boot;
}

/* Behind the name, which may have anything in it. */
static int64_t
field_of(const char *stat, int wanted)
{
    const char *at = strrchr(stat, ')');

    for (int field = FIELD_FIRST; at != NULL && field <= wanted; field++)
        at = strchr(at + 1, ' ');
    return at != NULL ? strtoll(at, NULL, 10) : 0;
}

static void
stat_tell(const char *stat)
{
    int64_t boot = boot_read();

    metric_tell(METRIC_PROCESS_THREADS, field_of(stat, FIELD_THREADS), 0);
    metric_tell(METRIC_PROCESS_RESIDENT, field_of(stat, FIELD_PAGES) * sysconf(_SC_PAGESIZE), 0);
    if (boot != 0)
        metric_tell(METRIC_PROCESS_START,
                    boot + field_of(stat, FIELD_STARTED) / sysconf(_SC_CLK_TCK), 0);
}

void
process_tell(void)
{
    FILE *file = fopen("/proc/self/stat", "re");
    char stat[STAT_BYTES] = "";

    cpu_tell();
    descriptors_tell();
    if (file == NULL)
        return;
    if (fgets(stat, sizeof(stat), file) != NULL)
        stat_tell(stat);
    fclose(file);
}
