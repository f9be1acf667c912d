/* SPDX-License-Identifier: Apache-2.0 */
/* A simulator run beside a test: started on a free port, ended with the test. */
#ifndef TESTS_CONNECT_SIM_PROCESS_H
#define TESTS_CONNECT_SIM_PROCESS_H

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

struct sim_process {
    pid_t pid;
    int port;
    char folder[64]; /* a temporary one of its own, given as --dir */
};

static inline void
sim_child(const char *program, const char *folder, int output)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(output, STDOUT_FILENO);
    execl(program, program, "--port", "0", "--dir", folder, (char *)NULL);
    _exit(127);
}

/* 0 when the simulator says that it is ready. */
static inline int
sim_start(struct sim_process *sim, const char *program)
{
    char line[128] = "";
    const char *ready;
    int pipe_ends[2];
    FILE *output;

    snprintf(sim->folder, sizeof(sim->folder), "/tmp/tongxing-sim-XXXXXX");
    if (mkdtemp(sim->folder) == NULL || pipe2(pipe_ends, O_CLOEXEC) != 0)
        return -1;
    sim->pid = fork();
    if (sim->pid == 0)
        sim_child(program, sim->folder, pipe_ends[1]);
    close(pipe_ends[1]);
    output = fdopen(pipe_ends[0], "r");
    if (output == NULL || fgets(line, sizeof(line), output) == NULL)
        return -1;
    fclose(output);
    ready = strstr(line, " ready ");
    sim->port = ready != NULL ? (int)strtol(ready + 7, NULL, 10) : 0;
    return sim->port > 0 ? 0 : -1;
}

static inline int
sim_file_removed(const char *folder, const char *name)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return unlink(path);
}

/* The exit status: 0 when it ended in good order. */
static inline int
sim_stop(struct sim_process *sim)
{
    static const char *const files[] = { "root.pem",    "middle.pem",   "leaf.pem",
                                         "leaf.key",    "stray.pem",    "expired.pem",
                                         "company.pem", "merchant.pem", "merchant.key",
                                         "people.tsv" };
    int status = -1;

    kill(sim->pid, SIGTERM);
    waitpid(sim->pid, &status, 0);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        (void)sim_file_removed(sim->folder, files[i]);
    rmdir(sim->folder);
    return status;
}

#endif
