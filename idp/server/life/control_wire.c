/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/life/control_wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define HEAD_BYTES 5

static enum err
all_write(int fd, const unsigned char *at, size_t size)
{
    while (size > 0) {
        ssize_t done = send(fd, at, size, MSG_NOSIGNAL);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return ERR_UNAVAILABLE;
        at += done;
        size -= (size_t)done;
    }
    return OK;
}

enum err
frame_write(int fd, enum frame_kind kind, struct bytes bytes)
{
    const unsigned char head[HEAD_BYTES] = {
        (unsigned char)kind,
        (unsigned char)(bytes.size >> 24),
        (unsigned char)(bytes.size >> 16),
        (unsigned char)(bytes.size >> 8),
        (unsigned char)bytes.size,
    };
    enum err err = all_write(fd, head, sizeof(head));

    return err == OK ? all_write(fd, bytes.at, bytes.size) : err;
}

static enum err
all_read(int fd, unsigned char *at, size_t size)
{
    while (size > 0) {
        ssize_t done = recv(fd, at, size, 0);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return ERR_UNAVAILABLE;
        at += done;
        size -= (size_t)done;
    }
    return OK;
}

enum err
frame_read(int fd, struct arena *arena, size_t limit, enum frame_kind *kind, struct bytes *out)
{
    unsigned char head[HEAD_BYTES];
    enum err err = all_read(fd, head, sizeof(head));
    unsigned char *into;
    size_t size;

    if (err != OK)
        return err;
    size = (size_t)head[1] << 24 | (size_t)head[2] << 16 | (size_t)head[3] << 8 | head[4];
    if (size > limit)
        return ERR_TOO_LARGE;
    into = arena_alloc(arena, size + 1);
    err = all_read(fd, into, size);
    *kind = (enum frame_kind)head[0];
    *out = bytes_of(into, size);
    return err;
}

enum err
control_address(const char *path, struct sockaddr_un *out)
{
    *out = (struct sockaddr_un) { .sun_family = AF_UNIX };
    if (strlen(path) >= sizeof(out->sun_path))
        return ERR_INVALID;
    memcpy(out->sun_path, path, strlen(path));
    return OK;
}
