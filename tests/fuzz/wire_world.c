/* SPDX-License-Identifier: Apache-2.0 */
/* The server behind the wire fuzzer: the tests' world, with an engine before it (wire.h). */
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "idp/base/buf.h"
#include "idp/base/text.h"
#include "idp/server/engine/handler.h"
#include "tests/fuzz/wire.h"
#include "tests/protocols/account/kit.h"
#include "tests/world.h"

#define NAMES 48
#define VALUES 16

/* What requests need and nobody could guess. Of several values each is handed out in turn. */
struct live {
    const char *name;
    const char *values[VALUES];
    size_t count;
    size_t next;
};

static struct {
    struct live live[NAMES];
    size_t count;
    struct engine *engine;
    int reader; /* /proc/…/stat of the engine's thread */
    void *world;
    bool begun;
} here;

static struct world *
world_now(void)
{
    return here.world;
}

/* --- Live values --- */

static void
live_put(const char *name, const char *value)
{
    struct live *live = here.live;

    while (live < here.live + here.count && !text_eq(live->name, name))
        live++;
    if (value == NULL || live == here.live + NAMES || live->count == VALUES)
        world_die(name);
    if (live == here.live + here.count) {
        *live = (struct live) { .name = name };
        here.count++;
    }
    live->values[live->count++] = value;
}

static void
live_put_url(const char *name, const char *value)
{
    live_put(name, value != NULL ? world_url(world_now(), value) : NULL);
}

const char *
wire_live(const char *name, size_t size)
{
    for (size_t i = 0; i < here.count; i++) {
        struct live *live = &here.live[i];

        if (strlen(live->name) == size && strncmp(live->name, name, size) == 0)
            return live->values[live->next++ % live->count];
    }
    return NULL;
}

const char *
wire_live_name(size_t i)
{
    return i < here.count ? here.live[i].name : NULL;
}

/* --- A day in the life, so that there is something to attack --- */

static void
page_put(struct world *w, const char *tx, const char *csrf)
{
    live_put_url(tx, world_hidden(w, "tx"));
    live_put_url(csrf, world_hidden(w, "csrf"));
}

static void
registrations_put(struct world *w)
{
    struct journey j = journey_begin(w);

    page_put(w, "register.tx", "register.csrf");
    journey_send_code(&j, world_phone(3));
    page_put(w, "regcode.tx", "regcode.csrf");
    live_put("regcode.code", world_sms_code(w, world_phone(3)));
    j = journey_begin(w);
    journey_send_code(&j, world_phone(4));
    journey_enter_code(&j, world_sms_code(w, world_phone(4)));
    page_put(w, "notice.tx", "notice.csrf");
    journey_agree(&j);
    page_put(w, "identity.tx", "identity.csrf");
    (void)journey_to_password(w, &li_xiuying);
    page_put(w, "password.tx", "password.csrf");
}

static void
logins_put(struct world *w)
{
    const char *tx;

    world_authorize(w, "webhall", "");
    world_get(w, arena_text(w->arena, world_header(w, "Location")));
    page_put(w, "login.tx", "login.csrf");
    world_open(w, "/login/sms");
    tx = world_url(w, world_hidden(w, "tx"));
    page_put(w, "sms.tx", "sms.csrf");
    world_form_post(w, "/login/sms", "tx=%s&csrf=%s&phone=%s", tx,
                    world_url(w, world_hidden(w, "csrf")), world_phone(0));
    world_get(w, arena_text(w->arena, world_header(w, "Location")));
    page_put(w, "smscode.tx", "smscode.csrf");
    live_put("smscode.code", world_sms_code(w, world_phone(0)));
}

static void
session_put(struct world *w)
{
    world_log_in(w, 0);
    world_authorize(w, "hospital", "");
    world_get(w, arena_text(w->arena, world_header(w, "Location")));
    page_put(w, "consent.tx", "consent.csrf");
    world_get(w, "/oidc/logout?client_id=webhall"
                 "&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye");
    live_put_url("logout.csrf", world_hidden(w, "csrf"));
    live_put_url("logout.tx", world_hidden(w, "tx"));
}

static void
tokens_put(struct world *w)
{
    struct world_tokens tokens;

    for (size_t i = 0; i < VALUES; i++)
        live_put_url("code", world_code(w, "webhall"));
    live_put_url("code.spa", world_code(w, "spa"));
    for (size_t i = 0; i < VALUES / 2; i++) {
        tokens = world_login_tokens(w, "webhall");
        live_put_url("access", tokens.access);
        live_put_url("refresh", tokens.refresh);
    }
    live_put_url("idtoken", tokens.id);
    live_put("webhall", world_basic(w, "webhall"));
    live_put("hospital", world_basic(w, "hospital"));
}

static const char *
jar_text(struct world *w)
{
    struct buf line = buf_new(w->arena, 1024);

    for (size_t i = 0; i < w->cookies; i++) {
        buf_text(&line, i > 0 ? "; " : "");
        buf_text(&line, w->jar[i].name);
        buf_char(&line, '=');
        buf_text(&line, w->jar[i].value);
    }
    return line.at;
}

/* Somebody sits at a counter, and its computer may be set up once more. */
static void
staff_put(struct world *w)
{
    world_sit(w, "li", "counter supervisor", 1);
    world_open(w, "/staff/counter");
    page_put(w, "counter.tx", "counter.csrf");
}

static void
live_fill(struct world *w)
{
    here.count = 0;
    memset(here.live, 0, sizeof(here.live));
    world_person(w, 0);
    logins_put(w);
    registrations_put(w);
    session_put(w);
    tokens_put(w);
    staff_put(w);
    live_put("jar", jar_text(w));
}

/* --- Life --- */

/* The engine has one thread that reads, which libmicrohttpd names. */
static int
reader_open(void)
{
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *task;
    int reader = -1;

    while (reader < 0 && tasks != NULL && (task = readdir(tasks)) != NULL) {
        char text[64] = "";
        int fd = openat(dirfd(tasks), task->d_name, O_PATH | O_DIRECTORY);
        int stat = openat(fd, "stat", O_RDONLY | O_CLOEXEC);

        if (pread(stat, text, sizeof(text) - 1, 0) > 0 && strstr(text, "(MHD-single)") != NULL)
            reader = stat;
        else
            close(stat);
        close(fd);
    }
    if (tasks != NULL)
        closedir(tasks);
    return reader;
}

static bool
reader_sleeps(void)
{
    char text[64] = "";

    return pread(here.reader, text, sizeof(text) - 1, 0) <= 0 || strstr(text, ") S ") != NULL;
}

#define ROUTES_MAX 512

static void
routes_add(struct route *all, size_t *count, const struct route *routes)
{
    for (; routes->method != NULL; routes++) {
        if (*count + 1 == ROUTES_MAX)
            world_die("raise ROUTES_MAX");
        all[(*count)++] = *routes;
    }
}

/* Of the public listener and of that of staff: one engine has them all. */
static const struct route *
all_routes(void)
{
    static struct route all[ROUTES_MAX];
    size_t count = 0;

    routes_add(all, &count, public_routes);
    routes_add(all, &count, staff_routes);
    return all;
}

static void
engine_begin(struct world *w)
{
    struct engine_config config = { .services = &w->services,
                                    .routes = all_routes(),
                                    .listen = "127.0.0.1:0",
                                    .epoll_threads = 1,
                                    .workers = 2,
                                    .queue_limit = WORKER_QUEUE_LIMIT,
                                    .tls_certificate_file = "",
                                    .tls_key_file = "" };

    w->settings.server.connection_limit = 1000;
    w->settings.server.header_deadline_s = 15;
    w->settings.server.drain_deadline_s = 10;
    w->settings.server.trusted_proxies = "127.0.0.1";
    world_must(engine_start(&config, &here.engine), "no engine");
    here.reader = reader_open();
}

static void
engine_finish(void)
{
    close(here.reader);
    engine_drain(here.engine, mono_us() + 5000000, NULL);
    engine_stop(here.engine);
    here.engine = NULL;
}

/* The store's folder is made in memory where there is some: it is thrown away. */
static void
group_begin(void)
{
    if (access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 0);
    setenv("TONGXING_TEST_STORE", "sqlite", 0);
    if (world_group_setup_with_sims(NULL) != 0)
        world_die("no simulators");
    here.begun = true;
}

void
wire_renew(void)
{
    if (!here.begun)
        group_begin();
    if (here.world != NULL) {
        engine_finish();
        world_teardown(&here.world);
    }
    world_setup_with_sims(&here.world);
    live_fill(world_now());
    engine_begin(world_now());
}

void
wire_end(void)
{
    engine_finish();
    world_teardown(&here.world);
    world_group_teardown_with_sims(NULL);
    here.begun = false;
}

/* --- Connections --- */

/* Many addresses, or the caps for each would soon hide what is behind them; now and then
 * the proxy that is trusted. */
static struct sockaddr_in
peer_of(uint32_t from)
{
    uint32_t host = from % 4 == 0 ? INADDR_LOOPBACK : 0x0a000000U | (from >> 8);

    return (struct sockaddr_in) { .sin_family = AF_INET,
                                  .sin_port = htons(40000),
                                  .sin_addr = { htonl(host) } };
}

int
wire_connect(uint32_t from)
{
    struct sockaddr_in peer = peer_of(from);
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
        world_die("no socket pair");
    if (MHD_add_connection(here.engine->daemon, ends[0], (struct sockaddr *)&peer, sizeof(peer)) !=
        MHD_YES)
        world_die("a connection was refused");
    return ends[1];
}

bool
wire_is_idle(void)
{
    return here.engine->under_way == 0 && reader_sleeps();
}
