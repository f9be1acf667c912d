/* SPDX-License-Identifier: Apache-2.0 */
/* The database file: nobody else's to read, and no second process's to open. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "idp/base/log.h"
#include "idp/store/sqlite.h"

static enum err
refuse(const char *path, const char *reason, enum err err)
{
    log_line(LOG_ERROR, "store.sqlite_file", log_text("path", path), log_text("reason", reason));
    return err;
}

/* A descriptor of a regular file, made with mode 0600, that nobody else may open. */
static enum err
open_private(const char *path, int *out)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    struct stat status;

    if (fd < 0)
        return refuse(path, strerrorname_np(errno), ERR_UNAVAILABLE);
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 077) == 0) {
        *out = fd;
        return OK;
    }
    close(fd);
    return refuse(path, "not a file of mode 0600", ERR_INVALID);
}

/* Held as long as the database is open; the kernel lets go of it when the
 * process ends in any way. */
static enum err
lock_beside(const char *path, int *out)
{
    char *name = NULL;
    enum err err;

    if (asprintf(&name, "%s.lock", path) < 0)
        return ERR_UNAVAILABLE;
    err = open_private(name, out);
    free(name);
    if (err != OK)
        return err;
    if (flock(*out, LOCK_EX | LOCK_NB) == 0)
        return OK;
    close(*out);
    *out = -1;
    return refuse(path, "in use by another process", ERR_INVALID);
}

enum err
sqlite_claim_file(const char *path, int *lock_fd)
{
    int fd = -1;
    enum err err;

    if (*path == '\0')
        return refuse(path, "no path", ERR_INVALID);
    err = lock_beside(path, lock_fd);
    if (err != OK)
        return err;
    /* After the lock: closing a second descriptor of the file would drop
     * SQLite's own locks on it. */
    err = open_private(path, &fd);
    if (err == OK)
        close(fd);
    return err;
}
