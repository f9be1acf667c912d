/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_said.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "idp/base/buf.h"

#define SAID_MAX_BYTES (256 << 10)

/* A child does not inherit that we wait for the signals that end us. */
static int
start(const char *const *command, int output, pid_t *out)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    int failed;

    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, 1);
    posix_spawn_file_actions_adddup2(&actions, output, 2);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attributes, &none);
    failed = posix_spawn(out, command[0], &actions, &attributes, (char *const *)(uintptr_t)command,
                         environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static const char *
read_all(struct arena *arena, int from)
{
    struct buf text = buf_new(arena, 4096);
    char part[4096];
    ssize_t size;

    while ((size = read(from, part, sizeof(part))) > 0) {
        if (text.size + (size_t)size <= SAID_MAX_BYTES)
            buf_bytes(&text, part, (size_t)size);
    }
    return text.size > 0 ? text.at : "";
}

struct said
said_by(struct arena *arena, const char *const *command)
{
    struct said said = { .status = -1, .text = "" };
    int ends[2];
    pid_t pid;
    int status;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return said;
    if (start(command, ends[1], &pid) == 0) {
        close(ends[1]);
        said.text = read_all(arena, ends[0]);
        if (waitpid(pid, &status, 0) == pid && WIFEXITED(status))
            said.status = WEXITSTATUS(status);
    } else {
        close(ends[1]);
    }
    close(ends[0]);
    return said;
}
