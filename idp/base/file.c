/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "idp/base/log.h"

static enum err
file_fail(const char *path, const char *reason)
{
    log_line(LOG_ERROR, "file.unreadable", log_text("path", path), log_text("reason", reason));
    return ERR_INVALID;
}

enum err
file_read(struct arena *arena, const char *path, size_t max, struct bytes *out)
{
    char *text = arena_alloc(arena, max + 2);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t size = 0;
    ssize_t got = 0;

    *out = (struct bytes) { 0 };
    if (fd < 0)
        return file_fail(path, strerror(errno));
    while (size <= max && (got = read(fd, text + size, max + 1 - size)) > 0)
        size += (size_t)got;
    close(fd);
    if (got < 0)
        return file_fail(path, strerror(errno));
    if (size > max)
        return file_fail(path, "too large");
    text[size] = '\0';
    *out = bytes_of(text, size);
    return OK;
}

unsigned
file_open_mode(const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0 || (st.st_mode & (S_IRWXG | S_IRWXO)) == 0)
        return 0;
    return st.st_mode & 07777;
}
