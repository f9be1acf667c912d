/* SPDX-License-Identifier: Apache-2.0 */
/* The operators' door from the other side: a command that the service is to do. */
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "idp/commands/commands.h"
#include "idp/server/life/control_wire.h"

#define ANSWER_MAX ((size_t)8 << 20)

static int
door_find(struct call *call)
{
    struct sockaddr_un address;
    const char *path = control_path(call->arena, call->shop.settings);
    int fd;

    if (path[0] == '\0' || control_address(path, &address) != OK)
        return -1;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static enum err
question_send(const struct call *call, int fd, int argc, char **argv)
{
    enum err err = OK;

    for (int i = 1; err == OK && i < argc; i++)
        err = frame_write(fd, FRAME_WORD, bytes_of_text(argv[i]));
    if (err == OK && call->contents.size > 0)
        err = frame_write(fd, FRAME_FILE, call->contents);
    if (err == OK && call->piece.size > 0)
        err = frame_write(fd, FRAME_FILE, call->piece);
    if (err == OK && call->again != NULL)
        err = frame_write(fd, FRAME_AGAIN, bytes_of_text(call->again));
    return err == OK ? frame_write(fd, FRAME_END, bytes_of_text("")) : err;
}

static enum err
answer_receive(const struct call *call, int fd, struct call_end *end)
{
    enum frame_kind kind = FRAME_NONE;
    enum err err = OK;

    while (err == OK && kind != FRAME_STATUS) {
        struct bytes bytes;

        err = frame_read(fd, call->arena, ANSWER_MAX, &kind, &bytes);
        if (err == OK && kind == FRAME_SAID)
            end->said = bytes;
        else if (err == OK && kind == FRAME_WHY)
            end->why = (const char *)bytes.at;
        else if (err == OK && kind == FRAME_AGAIN)
            end->goes_on = (const char *)bytes.at;
        else if (err == OK && kind == FRAME_PROGRESS)
            end->progress = (const char *)bytes.at;
        else if (err == OK && kind == FRAME_STATUS)
            end->status = bytes.size == 1 ? bytes.at[0] : 1;
    }
    return err;
}

bool
call_ask(struct call *call, int argc, char **argv, struct call_end *end)
{
    int fd = door_find(call);
    enum err err;

    if (fd < 0)
        return false;
    *end = (struct call_end) { .status = 1 };
    err = question_send(call, fd, argc, argv);
    if (err == OK)
        err = answer_receive(call, fd, end);
    if (err != OK)
        end->why = "the service went away before it had answered; look whether it was done";
    close(fd);
    return true;
}
