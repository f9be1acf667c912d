/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/yield.h"

#include <sched.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NICE 10
#define SLICE_NS 100000000

/* The first version of the kernel's struct sched_attr, whose header does not
 * go together with glibc's. */
struct scheduling {
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime_ns;
    uint64_t deadline_ns;
    uint64_t period_ns;
};

/*
 * On Linux nice is the thread's own; and who has a longer slice is interrupted by whoever wakes
 * with a shorter one (from 6.12 on; older kernels take nice alone), so that a request does not wait
 * for the end of a tick.
 */
void
thread_yields(void)
{
    const struct scheduling wish = {
        .size = sizeof(wish),
        .policy = SCHED_OTHER,
        .nice = NICE,
        .runtime_ns = SLICE_NS,
    };

    (void)syscall(SYS_sched_setattr, 0, &wish, 0);
}
