/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/life/control.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "idp/base/log.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/server/life/control_wire.h"

#define ARENA_BYTES ((size_t)64 << 20)
#define WORD_MAX 4096
#define WAITING_MAX 8
/* Of the other side, with each frame. */
#define PATIENCE_S 10
#define PAUSE_MS 100

#define SQLITE "sqlite:"

struct control_door {
    struct services *services;
    const struct key32 *kek;
    control_answer *answer;
    char *path;
    int fd;
    int stop_fd;
    bool runs;
    pthread_t thread;
};

const char *
control_path(struct arena *arena, const struct settings *settings)
{
    const char *url = settings->store.url;
    struct sockaddr_un address;
    const char *beside;

    if (!text_is_empty(settings->server.control_socket))
        return settings->server.control_socket;
    if (!text_starts(url, SQLITE))
        return "";
    beside = arena_printf(arena, "%s.socket", url + strlen(SQLITE));
    return control_address(beside, &address) == OK ? beside : "";
}

/* --- One call --- */

struct control_visit {
    struct control_door *control;
    int fd;
    struct arena *arena;
    uid_t uid;
    enum err err;
};

static enum err
call_read(struct control_visit *visit, struct control_call *call)
{
    enum frame_kind kind = FRAME_NONE;

    while (kind != FRAME_END) {
        struct bytes bytes;
        enum err err = frame_read(visit->fd, visit->arena, CONTROL_FILE_MAX, &kind, &bytes);

        if (err != OK)
            return err;
        if (kind == FRAME_FILE)
            call->file = bytes;
        else if (kind == FRAME_AGAIN)
            call->again = (const char *)bytes.at;
        else if (kind == FRAME_WORD && call->count < CONTROL_WORDS_MAX && bytes.size <= WORD_MAX)
            call->words[call->count++] = (char *)bytes.at;
        else if (kind != FRAME_END)
            return ERR_INVALID;
    }
    return OK;
}

static enum err
answer_write(struct control_visit *visit, const struct control_call *call)
{
    const unsigned char status = (unsigned char)call->status;
    enum err err = frame_write(visit->fd, FRAME_SAID, call->said);

    if (err == OK && call->why != NULL)
        err = frame_write(visit->fd, FRAME_WHY, bytes_of_text(call->why));
    if (err == OK && call->progress != NULL)
        err = frame_write(visit->fd, FRAME_PROGRESS, bytes_of_text(call->progress));
    if (err == OK && call->goes_on != NULL)
        err = frame_write(visit->fd, FRAME_AGAIN, bytes_of_text(call->goes_on));
    return err == OK ? frame_write(visit->fd, FRAME_STATUS, bytes_of(&status, 1)) : err;
}

static void
store_leave(void *store)
{
    store_close(store);
}

static void
call_take(void *state)
{
    struct control_visit *visit = state;
    struct control_door *control = visit->control;
    struct store *store = store_open(control->services->database);
    struct ctx ctx = ctx_new(control->services, visit->arena, store);
    struct control_call call = { .ctx = &ctx, .kek = control->kek, .uid = visit->uid };
    struct held held;

    hold_begin(&held, store_leave, store);
    visit->err = call_read(visit, &call);
    if (visit->err == OK) {
        control->answer(&call);
        visit->err = answer_write(visit, &call);
    }
    hold_release(&held);
}

static bool
peer_is_ours(int fd, uid_t *uid)
{
    struct ucred peer;
    socklen_t size = sizeof(peer);

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return false;
    *uid = peer.uid;
    return peer.uid == 0 || peer.uid == geteuid();
}

static void
visit_receive(struct control_door *control, int fd)
{
    const struct timeval patience = { .tv_sec = PATIENCE_S };
    struct control_visit visit = { .control = control, .fd = fd, .arena = arena_new(ARENA_BYTES) };
    enum err err = ERR_REFUSED;

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    if (peer_is_ours(fd, &visit.uid))
        err = unwind_run(call_take, &visit);
    if (err == OK)
        err = visit.err;
    if (err != OK)
        log_line(LOG_WARN, "control.failed", log_text("error", err_name(err)));
    arena_free(visit.arena);
}

static void *
receive(void *at)
{
    struct control_door *control = at;
    struct pollfd waits[] = { { .fd = control->fd, .events = POLLIN },
                              { .fd = control->stop_fd, .events = POLLIN } };

    while (poll(waits, 2, -1) < 0 || waits[1].revents == 0) {
        int fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC);

        if (fd < 0) {
            poll(&waits[1], 1, PAUSE_MS); /* out of descriptors, or she has gone again */
            continue;
        }
        visit_receive(control, fd);
        close(fd);
    }
    return NULL;
}

/* --- The door --- */

/* A socket there was left by a process that is gone: the store's own lock, or the operator who
 * names the path, sees to it that no other serves. */
static enum err
door_open(struct control_door *control)
{
    struct sockaddr_un address;
    struct stat there;
    enum err err = control_address(control->path, &address);

    if (err != OK)
        return err;
    control->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    control->stop_fd = eventfd(0, EFD_CLOEXEC);
    if (control->fd < 0 || control->stop_fd < 0)
        return ERR_UNAVAILABLE;
    if (lstat(control->path, &there) == 0 && S_ISSOCK(there.st_mode))
        unlink(control->path);
    /* On the socket, before it has a name: at no moment may others come in. */
    if (fchmod(control->fd, 0600) != 0 ||
        bind(control->fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(control->fd, WAITING_MAX) != 0)
        return ERR_UNAVAILABLE;
    return OK;
}

static enum err
control_open(struct control_door *control)
{
    enum err err = door_open(control);

    if (err == OK && pthread_create(&control->thread, NULL, receive, control) != 0)
        err = ERR_UNAVAILABLE;
    control->runs = err == OK;
    if (err != OK)
        log_line(LOG_ERROR, "control.unusable", log_text("path", control->path),
                 log_text("reason", err == ERR_INVALID ? "the path is longer than 107 bytes"
                                                       : "it cannot be listened at"));
    return err;
}

enum err
control_start(struct services *services, const struct key32 *kek, control_answer *answer,
              struct control_door **out)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    const char *path = control_path(arena, services->settings);
    struct control_door *control = calloc(1, sizeof(*control));
    enum err err = OK;

    *out = NULL;
    if (control != NULL && path[0] != '\0') {
        *control = (struct control_door) { services, kek, answer, strdup(path), -1, -1, false, 0 };
        err = control->path != NULL ? control_open(control) : ERR_UNAVAILABLE;
        *out = control;
        control = NULL;
    }
    free(control);
    arena_free(arena);
    return err;
}

void
control_stop(struct control_door *control)
{
    if (control == NULL)
        return;
    if (control->runs) {
        eventfd_write(control->stop_fd, 1);
        pthread_join(control->thread, NULL);
        unlink(control->path);
    }
    if (control->fd >= 0)
        close(control->fd);
    if (control->stop_fd >= 0)
        close(control->stop_fd);
    free(control->path);
    free(control);
}
