/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/context/bell.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct bell {
    int fd;
};

enum err
bell_new(struct bell **out)
{
    struct bell *bell = calloc(1, sizeof(*bell));

    if (bell == NULL)
        return ERR_UNAVAILABLE;
    bell->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (bell->fd < 0) {
        free(bell);
        return ERR_UNAVAILABLE;
    }
    *out = bell;
    return OK;
}

void
bell_free(struct bell *bell)
{
    if (bell == NULL)
        return;
    close(bell->fd);
    free(bell);
}

void
bell_ring(struct bell *bell)
{
    if (bell != NULL)
        eventfd_write(bell->fd, 1);
}

int
bell_fd(const struct bell *bell)
{
    return bell->fd;
}

bool
bell_heard(struct bell *bell)
{
    eventfd_t times;

    return eventfd_read(bell->fd, &times) == 0;
}
