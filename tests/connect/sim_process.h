/* SPDX-License-Identifier: Apache-2.0 */
/* A simulator run beside a test: started on a free port, ended with the test. */
#ifndef TESTS_CONNECT_SIM_PROCESS_H
#define TESTS_CONNECT_SIM_PROCESS_H

#include <dirent.h>
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

/* The folder is flat: a simulator makes files only. */
static inline void
sim_folder_removed(const char *folder)
{
    DIR *entries = opendir(folder);
    struct dirent *entry;

    while (entries != NULL && (entry = readdir(entries)) != NULL)
        (void)unlinkat(dirfd(entries), entry->d_name, 0);
    if (entries != NULL)
        closedir(entries);
    rmdir(folder);
}

/* The exit status: 0 when it ended in good order. */
static inline int
sim_stop(struct sim_process *sim)
{
    int status = -1;

    kill(sim->pid, SIGTERM);
    waitpid(sim->pid, &status, 0);
    sim_folder_removed(sim->folder);
    return status;
}

#endif
