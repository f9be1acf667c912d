/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An allocator that fails by chance, for LD_PRELOAD. FAILING_MALLOC names a file of 16 bytes, which
 * a test writes while the program runs: how rarely it fails (one time in so many; 0: never) and, as
 * a second number of 32 bits, the seed. The other 8 bytes count the failures.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): what
 * glibc's own names lead to */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *at, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

struct control {
    _Atomic uint32_t one_in;
    _Atomic uint32_t seed;
    _Atomic uint64_t failures;
};

static struct control *control;
static _Atomic uint32_t threads;
static _Thread_local uint32_t state __attribute__((tls_model("initial-exec")));

__attribute__((constructor)) static void
control_map(void)
{
    const char *path = getenv("FAILING_MALLOC");
    int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *at = MAP_FAILED;

    if (fd >= 0) {
        at = mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        close(fd);
    }
    if (at != MAP_FAILED)
        control = at;
}

/* xorshift, for each thread its own */
static uint32_t
next_number(void)
{
    if (state == 0)
        state = (control->seed + ++threads) * 2654435761U | 1;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static int
fails(void)
{
    uint32_t one_in = control != NULL ? control->one_in : 0;

    if (one_in == 0 || next_number() % one_in != 0)
        return 0;
    control->failures++;
    errno = ENOMEM;
    return 1;
}

void *
malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *at, size_t size)
{
    return size > 0 && fails() ? NULL : __libc_realloc(at, size);
}

void *
memalign(size_t alignment, size_t size)
{
    return fails() ? NULL : __libc_memalign(alignment, size);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int
posix_memalign(void **out, size_t alignment, size_t size)
{
    void *at = memalign(alignment, size);

    if (at == NULL)
        return ENOMEM;
    *out = at;
    return 0;
}
