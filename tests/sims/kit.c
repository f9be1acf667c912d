/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "idp/base/text.h"

#define BODY_MAX_BYTES (1 << 20)
#define ARENA_BYTES (64 << 20)
#define SILENCE_MAX_MS 60000
#define SILENCE_STEP_MS 50
#define PEM_MAX_BYTES 16384

static _Atomic bool stopping;

/* A request while it is read. */
struct request_reading {
    struct arena *arena;
    const char *query;
    struct buf body;
    bool head_seen;
};

struct half {
    struct bytes body;
};

const char *
kit_argument(char **argv, const char *name, const char *fallback)
{
    for (size_t i = 1; argv[i] != NULL; i++) {
        if (text_eq(argv[i], name) && argv[i + 1] != NULL)
            return argv[i + 1];
    }
    return fallback;
}

int
kit_argument_int(char **argv, const char *name, int fallback)
{
    const char *text = kit_argument(argv, name, NULL);
    int64_t value = fallback;

    if (text != NULL && text_to_int(text, 0, 65535, &value) != OK) {
        fprintf(stderr, "%s needs a number from 0 to 65535\n", name);
        exit(2);
    }
    return (int)value;
}

const char *
kit_header(const struct kit_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *
kit_cookie(const struct kit_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_COOKIE_KIND, name);
}

static int
nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

const char *
kit_url_decoded(struct arena *arena, const char *text, size_t size)
{
    char *out = arena_alloc(arena, size + 1);
    size_t n = 0;

    for (size_t i = 0; i < size; i++) {
        bool escape =
            text[i] == '%' && i + 2 < size && nibble(text[i + 1]) >= 0 && nibble(text[i + 2]) >= 0;

        if (escape) {
            out[n++] = (char)(nibble(text[i + 1]) * 16 + nibble(text[i + 2]));
            i += 2;
        } else {
            out[n++] = text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

const char *
kit_form_value(struct arena *arena, const char *form, const char *name)
{
    size_t name_size = strlen(name);

    while (*form != '\0') {
        size_t size = strcspn(form, "&");

        if (size > name_size && strncmp(form, name, name_size) == 0 && form[name_size] == '=')
            return kit_url_decoded(arena, form + name_size + 1, size - name_size - 1);
        form += size + (form[size] == '&');
    }
    return NULL;
}

void
kit_answer_text(struct kit_answer *out, unsigned status, const char *content_type, const char *text)
{
    out->status = status;
    out->content_type = content_type;
    out->body = bytes_of_text(text);
}

void
kit_answer_json(struct kit_answer *out, unsigned status, const struct buf *json)
{
    kit_answer_text(out, status, "application/json", json->at);
}

void
kit_html(struct buf *page, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("<>&\"'", *text) != NULL)
            buf_text(page, arena_printf(page->arena, "&#%d;", *text));
        else
            buf_char(page, *text);
    }
}

void
kit_switch(const char *value, bool *out)
{
    if (text_eq(value, "on"))
        *out = true;
    if (text_eq(value, "off"))
        *out = false;
}

static bool
client_gone(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct pollfd gone = { .fd = info->connect_fd, .events = POLLRDHUP };

    return poll(&gone, 1, SILENCE_STEP_MS) > 0;
}

/* Bounded, so that a forgotten client does not hold a thread for ever. */
static void
wait_silently(struct MHD_Connection *connection, unsigned max_ms)
{
    for (unsigned waited = 0; waited < max_ms && !atomic_load(&stopping);
         waited += SILENCE_STEP_MS) {
        if (client_gone(connection))
            return;
    }
}

static ssize_t
half_read(void *held, uint64_t at, char *out, size_t max)
{
    const struct half *half = held;
    size_t end = half->body.size / 2;
    size_t size = end - (size_t)at < max ? end - (size_t)at : max;

    if (at >= end)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    memcpy(out, half->body.at + at, size);
    return (ssize_t)size;
}

static struct MHD_Response *
response_for(struct arena *arena, const struct kit_answer *answer)
{
    struct half *half;

    if (answer->manner != KIT_HALF)
        return MHD_create_response_from_buffer(
            answer->body.size, (void *)(uintptr_t)answer->body.at, MHD_RESPMEM_MUST_COPY);
    half = arena_alloc(arena, sizeof(*half));
    half->body = answer->body;
    return MHD_create_response_from_callback(answer->body.size, 1024, half_read, half, NULL);
}

static enum MHD_Result
answer_send(struct MHD_Connection *connection, struct arena *arena, const struct kit_answer *answer)
{
    struct MHD_Response *response = response_for(arena, answer);
    enum MHD_Result result;

    if (response == NULL)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", answer->content_type);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    if (answer->location != NULL)
        MHD_add_response_header(response, "Location", answer->location);
    if (answer->cookie != NULL)
        MHD_add_response_header(response, "Set-Cookie", answer->cookie);
    if (answer->policy != NULL)
        MHD_add_response_header(response, "Content-Security-Policy", answer->policy);
    result = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result
request_handle(const struct sim_kit *kit, const struct kit_request *request)
{
    struct kit_answer answer = { .status = 404, .content_type = "text/plain" };

    kit->handle(kit->state, request, &answer);
    if (answer.manner == KIT_NEVER) {
        wait_silently(request->connection, SILENCE_MAX_MS);
        return MHD_NO;
    }
    wait_silently(request->connection, answer.delay_ms);
    return answer_send(request->connection, request->arena, &answer);
}

static void *
reading_begun(void *held, const char *uri, struct MHD_Connection *connection)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    struct request_reading *reading = arena_alloc(arena, sizeof(*reading));
    const char *query = strchr(uri, '?');

    (void)held;
    (void)connection;
    reading->arena = arena;
    reading->query = arena_text(arena, query != NULL ? query + 1 : "");
    reading->body = buf_new(arena, 2048);
    return reading;
}

/* NOLINTBEGIN(readability-function-size): the parameters are libmicrohttpd's */
static enum MHD_Result
reading_step(void *held, struct MHD_Connection *connection, const char *path, const char *method,
             const char *version, const char *data, size_t *size, void **kept)
{
    struct request_reading *reading = *kept;

    (void)version;
    if (!reading->head_seen) {
        reading->head_seen = true;
        return MHD_YES;
    }
    if (*size > BODY_MAX_BYTES - reading->body.size)
        return MHD_NO;
    if (*size > 0) {
        buf_bytes(&reading->body, data, *size);
        *size = 0;
        return MHD_YES;
    }
    return request_handle(held, &(struct kit_request) {
                                    .method = method,
                                    .path = path,
                                    .query = reading->query,
                                    .body = buf_view(&reading->body),
                                    .arena = reading->arena,
                                    .connection = connection,
                                });
}
/* NOLINTEND(readability-function-size) */

static void
reading_ended(void *held, struct MHD_Connection *connection, void **kept,
              enum MHD_RequestTerminationCode why)
{
    struct request_reading *reading = *kept;

    (void)held;
    (void)connection;
    (void)why;
    if (reading != NULL)
        arena_free(reading->arena);
    *kept = NULL;
}

/* Where to listen; plain when it has no certificate. */
struct kit_place {
    const char *address;
    const char *certificate;
    const char *key;
};

static struct MHD_Daemon *
daemon_start(const struct sim_kit *kit, const struct kit_place *at, int port)
{
    const bool secure = at->certificate != NULL;
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    struct MHD_OptionItem certificate[] = {
        { MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)at->certificate },
        { MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)at->key },
        { MHD_OPTION_END, 0, NULL },
    };

    if (inet_pton(AF_INET, at->address, &address.sin_addr) != 1)
        return NULL;
    return MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
                                (secure ? MHD_USE_TLS : 0u),
                            0, NULL, NULL, reading_step, (void *)(uintptr_t)kit,
                            MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_URI_LOG_CALLBACK,
                            reading_begun, NULL, MHD_OPTION_NOTIFY_COMPLETED, reading_ended, NULL,
                            MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_ARRAY,
                            secure ? certificate : &certificate[2], MHD_OPTION_END);
}

/* Of --certificate and --key; exits with a message when it cannot be read. */
static const char *
pem_of(char **argv, const char *name)
{
    const char *path = kit_argument(argv, name, "");
    static char pems[2][PEM_MAX_BYTES];
    static size_t next;
    char *pem = pems[next++ % 2];
    FILE *file = fopen(path, "re");

    if (file == NULL || fread(pem, 1, PEM_MAX_BYTES - 1, file) == 0) {
        fprintf(stderr, "%s: %s cannot be read\n", name, path);
        exit(2);
    }
    fclose(file);
    return pem;
}

static struct MHD_Daemon *
lan_start(const struct sim_kit *kit, char **argv, int port)
{
    return daemon_start(kit,
                        &(struct kit_place) { .address = kit_argument(argv, "--lan", NULL),
                                              .certificate = pem_of(argv, "--certificate"),
                                              .key = pem_of(argv, "--key") },
                        port);
}

bool
kit_is_local(const struct kit_request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct sockaddr_in ours = { 0 };
    struct sockaddr_in theirs = { 0 };
    socklen_t size = sizeof(ours);

    /* What comes from the address that it goes to has not left the machine. */
    return getsockname(info->connect_fd, (struct sockaddr *)&ours, &size) == 0 &&
           getpeername(info->connect_fd, (struct sockaddr *)&theirs, &size) == 0 &&
           ours.sin_family == AF_INET && ours.sin_addr.s_addr == theirs.sin_addr.s_addr;
}

/* The signals that end us, from now on only by sigwait(). */
static sigset_t
signals_held(void)
{
    sigset_t signals;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* a test that was killed leaves nobody behind */
    return signals;
}

int
kit_serve(const struct sim_kit *kit, char **argv, int port)
{
    const char *lan = kit_argument(argv, "--lan", NULL);
    struct MHD_Daemon *daemon;
    struct MHD_Daemon *outside = NULL;
    const sigset_t signals = signals_held();
    int received;

    daemon = daemon_start(kit, &(struct kit_place) { .address = "127.0.0.1" }, port);
    if (daemon != NULL && lan != NULL)
        outside = lan_start(kit, argv, port);
    if (daemon == NULL || (lan != NULL && outside == NULL)) {
        fprintf(stderr, "%s: cannot listen on %s, port %d\n", kit->name,
                daemon == NULL ? "127.0.0.1" : lan, port);
        return 1;
    }
    printf("%s ready %u\n", kit->name,
           MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    sigwait(&signals, &received);
    atomic_store(&stopping, true);
    MHD_stop_daemon(daemon);
    if (outside != NULL)
        MHD_stop_daemon(outside);
    return 0;
}
