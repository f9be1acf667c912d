/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/life/notify.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "idp/base/log.h"

/* A leading '@' stands for the NUL of an abstract address. */
static socklen_t
address_fill(const char *name, struct sockaddr_un *out)
{
    size_t size = strlen(name);

    memset(out, 0, sizeof(*out));
    out->sun_family = AF_UNIX;
    if (size >= sizeof(out->sun_path))
        return 0;
    memcpy(out->sun_path, name, size);
    if (*name == '@')
        out->sun_path[0] = '\0';
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
}

void
notify_service(const char *state)
{
    const char *name = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address;
    socklen_t size = name != NULL ? address_fill(name, &address) : 0;
    int fd;

    if (size == 0)
        return;
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    if (sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address, size) < 0)
        log_line(LOG_WARN, "server.notify_failed", log_text("state", state));
    close(fd);
}
