/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/directory_wire.h"

#include <errno.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/env.h"
#include "idp/base/text.h"

#define MESSAGE_MAX_BYTES (1 << 20)

/* --- What libldap must not do by itself --- */

/* Passwords stand in what it sends: memory is wiped before others get it. */
static void
wiped_free(void *at, void *state)
{
    (void)state;
    if (at != NULL)
        OPENSSL_cleanse(at, malloc_usable_size(at));
    free(at);
}

static void *
wiped_realloc(void *at, ber_len_t size, void *state)
{
    void *larger = malloc(size);
    size_t old = at != NULL ? malloc_usable_size(at) : 0;

    if (larger == NULL)
        return NULL;
    if (old > 0)
        memcpy(larger, at, old < size ? old : size);
    wiped_free(at, state);
    return larger;
}

static void *
plain_malloc(ber_len_t size, void *state)
{
    (void)state;
    return malloc(size);
}

static void *
plain_calloc(ber_len_t count, ber_len_t size, void *state)
{
    (void)state;
    return calloc(count, size);
}

static void
prepare(void)
{
    BerMemoryFunctions functions = { plain_malloc, plain_calloc, wiped_realloc, wiped_free };

    setenv("LDAPNOINIT", "1", 1);
    signal(SIGPIPE, SIG_IGN); /* it writes to whoever has turned away */
    /* Refused when somebody in the process has used it before: then it works, and does not wipe. */
    (void)ber_set_option(NULL, LBER_OPT_MEMORY_FNS, &functions);
}

void
directory_wire_prepare(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, prepare);
}

/* --- Connecting --- */

static struct timeval
time_left(int64_t until_us)
{
    int64_t left = until_us - mono_us();

    if (left < 0)
        left = 0;
    return (struct timeval) { .tv_sec = left / 1000000, .tv_usec = left % 1000000 };
}

/* libldap takes none at all for no bound at all. */
static struct timeval
bound_of(int64_t until_us)
{
    struct timeval left = time_left(until_us);

    if (left.tv_sec == 0 && left.tv_usec == 0)
        left.tv_usec = 1;
    return left;
}

static bool
option_put(LDAP *ld, int option, const void *value)
{
    return ldap_set_option(ld, option, value) == LDAP_OPT_SUCCESS;
}

static bool
number_put(LDAP *ld, int option, int value)
{
    return option_put(ld, option, &value);
}

/* --- No read or write beyond the deadline --- */

/*
 * libldap bounds the wait for the first byte of an answer, and neither a handshake nor the rest of a message. So a layer
 * below TLS waits before each read and write, and no longer than the step may take.
 */
static bool
is_ready(Sockbuf_IO_Desc *layer, short what)
{
    const struct directory_link *link = layer->sbiod_pvt;
    struct pollfd at = { .fd = -1, .events = what };
    int64_t left_us = link->until_us - mono_us();

    ber_sockbuf_ctrl(layer->sbiod_sb, LBER_SB_OPT_GET_FD, &at.fd);
    if (left_us > 0 && poll(&at, 1, (int)(left_us / 1000) + 1) == 1)
        return true;
    errno = ETIMEDOUT;
    return false;
}

static int
layer_setup(Sockbuf_IO_Desc *layer, void *link)
{
    layer->sbiod_pvt = link;
    return 0;
}

static int
layer_remove(Sockbuf_IO_Desc *layer)
{
    layer->sbiod_pvt = NULL;
    return 0;
}

static int
layer_control(Sockbuf_IO_Desc *layer, int option, void *argument)
{
    return LBER_SBIOD_CTRL_NEXT(layer, option, argument);
}

static ber_slen_t
layer_read(Sockbuf_IO_Desc *layer, void *buffer, ber_len_t size)
{
    return is_ready(layer, POLLIN) ? LBER_SBIOD_READ_NEXT(layer, buffer, size) : -1;
}

static ber_slen_t
layer_write(Sockbuf_IO_Desc *layer, void *buffer, ber_len_t size)
{
    return is_ready(layer, POLLOUT) ? LBER_SBIOD_WRITE_NEXT(layer, buffer, size) : -1;
}

static Sockbuf_IO bounded_layer = { layer_setup, layer_remove, layer_control,
                                    layer_read,  layer_write,  NULL };

/* Between the socket and TLS. */
static int
connection_begun(LDAP *ld, Sockbuf *socket, LDAPURLDesc *url, struct sockaddr *address,
                 struct ldap_conncb *callbacks)
{
    (void)ld;
    (void)url;
    (void)address;
    return ber_sockbuf_add_io(socket, &bounded_layer, LBER_SBIOD_LEVEL_PROVIDER + 1,
                              callbacks->lc_arg);
}

static void
connection_ended(LDAP *ld, Sockbuf *socket, struct ldap_conncb *callbacks)
{
    (void)ld;
    (void)socket;
    (void)callbacks;
}

/* What a file of the machine's could have set is set here, one way or the other. */
static bool
tls_options_put(LDAP *ld, const char *ca_file)
{
    return option_put(ld, LDAP_OPT_X_TLS_CACERTDIR, NULL) &&
           option_put(ld, LDAP_OPT_X_TLS_CERTFILE, NULL) &&
           option_put(ld, LDAP_OPT_X_TLS_KEYFILE, NULL) &&
           option_put(ld, LDAP_OPT_X_TLS_CACERTFILE, ca_file) &&
           number_put(ld, LDAP_OPT_X_TLS_REQUIRE_CERT, LDAP_OPT_X_TLS_HARD) &&
           number_put(ld, LDAP_OPT_X_TLS_REQUIRE_SAN, LDAP_OPT_X_TLS_HARD) &&
           number_put(ld, LDAP_OPT_X_TLS_PROTOCOL_MIN, LDAP_OPT_X_TLS_PROTOCOL_TLS1_2) &&
           number_put(ld, LDAP_OPT_X_TLS_NEWCTX, 0);
}

static bool
options_put(struct directory_link *link, int64_t until_us)
{
    LDAP *ld = link->ld;
    const struct timeval left = bound_of(until_us);
    ber_len_t most = MESSAGE_MAX_BYTES;
    Sockbuf *socket = NULL;

    return number_put(ld, LDAP_OPT_PROTOCOL_VERSION, LDAP_VERSION3) &&
           option_put(ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) &&
           option_put(ld, LDAP_OPT_RESTART, LDAP_OPT_OFF) &&
           number_put(ld, LDAP_OPT_DEREF, LDAP_DEREF_NEVER) &&
           option_put(ld, LDAP_OPT_NETWORK_TIMEOUT, &left) &&
           option_put(ld, LDAP_OPT_TIMEOUT, &left) &&
           option_put(ld, LDAP_OPT_CONNECT_CB, &link->callbacks) &&
           ldap_get_option(ld, LDAP_OPT_SOCKBUF, &socket) == LDAP_OPT_SUCCESS &&
           ber_sockbuf_ctrl(socket, LBER_SB_OPT_SET_MAX_INCOMING, &most) == 1;
}

/* NULL: none in time, and nobody waits for it any more. */
static LDAPMessage *
awaited(struct directory_link *link, int id, int all, int64_t until_us)
{
    struct timeval left = time_left(until_us);
    LDAPMessage *message = NULL;
    int kind = ldap_result(link->ld, id, all, &left, &message);

    if (kind > 0)
        return message;
    ldap_msgfree(message);
    link->broken = true;
    if (kind == 0) {
        link->late = true;
        ldap_abandon_ext(link->ld, id, NULL, NULL);
    }
    return NULL;
}

static bool
is_encrypted(struct directory_link *link, int64_t until_us)
{
    LDAPMessage *message;
    int code = LDAP_OTHER;
    int id;

    if (ldap_tls_inplace(link->ld))
        return true;
    if (ldap_start_tls(link->ld, NULL, NULL, &id) != LDAP_SUCCESS)
        return false;
    message = awaited(link, id, LDAP_MSG_ALL, until_us);
    if (message == NULL ||
        ldap_parse_result(link->ld, message, &code, NULL, NULL, NULL, NULL, 1) != LDAP_SUCCESS ||
        code != LDAP_SUCCESS)
        return false;
    return ldap_install_tls(link->ld) == LDAP_SUCCESS && ldap_tls_inplace(link->ld);
}

static bool
is_connected(struct directory_link *link, const char *url, const char *ca_file, int64_t until_us,
             const char **step)
{
    link->until_us = until_us;
    link->callbacks = (struct ldap_conncb) { connection_begun, connection_ended, link };
    *step = "prepare";
    if (ldap_initialize(&link->ld, url) != LDAP_SUCCESS || !options_put(link, until_us) ||
        !tls_options_put(link->ld, ca_file))
        return false;
    *step = "connect";
    if (ldap_connect(link->ld) != LDAP_SUCCESS)
        return false;
    *step = "tls";
    return is_encrypted(link, until_us);
}

struct directory_link *
directory_link_open(const char *url, const char *ca_file, int64_t until_us, const char **step)
{
    struct directory_link *link = calloc(1, sizeof(*link));

    *step = "memory";
    if (link != NULL && !is_connected(link, url, ca_file, until_us, step)) {
        directory_link_close(link);
        link = NULL;
    }
    return link;
}

void
directory_link_close(struct directory_link *link)
{
    if (link == NULL)
        return;
    if (link->ld != NULL)
        ldap_unbind_ext(link->ld, NULL, NULL);
    free(link);
}

void
directory_link_release(void *link)
{
    directory_link_close(link);
}

bool
directory_link_is_stale(const struct directory_link *link)
{
    struct pollfd at = { .fd = -1, .events = POLLIN };

    return ldap_get_option(link->ld, LDAP_OPT_DESC, &at.fd) != LDAP_OPT_SUCCESS ||
           poll(&at, 1, 0) != 0;
}

/* --- Binding and changing --- */

static LDAPControl policy_asked = { .ldctl_oid = (char *)LDAP_CONTROL_PASSWORDPOLICYREQUEST };

static void
policy_read(LDAP *ld, LDAPControl **controls, struct directory_said *said)
{
    LDAPControl *control = ldap_control_find(LDAP_CONTROL_PASSWORDPOLICYRESPONSE, controls, NULL);
    LDAPPasswordPolicyError policy;
    ber_int_t expires_in_s;
    ber_int_t grace_left;

    if (control == NULL || ldap_parse_passwordpolicy_control(ld, control, &expires_in_s,
                                                             &grace_left, &policy) != LDAP_SUCCESS)
        return;
    said->policy = policy;
    said->expires_in_s = expires_in_s;
    said->grace_left = grace_left;
}

static enum err
answer_read(struct directory_link *link, int id, int64_t until_us, struct directory_said *out)
{
    struct directory_said said = { .policy = PP_noError, .grace_left = -1, .expires_in_s = -1 };
    LDAPMessage *message = awaited(link, id, LDAP_MSG_ALL, until_us);
    LDAPControl **controls = NULL;

    if (message == NULL)
        return ERR_UNAVAILABLE;
    if (ldap_parse_result(link->ld, message, &said.code, NULL, NULL, NULL, &controls, 1) !=
        LDAP_SUCCESS) {
        link->broken = true;
        return ERR_UNAVAILABLE;
    }
    policy_read(link->ld, controls, &said);
    ldap_controls_free(controls);
    *out = said;
    return OK;
}

/* Read only, in spite of its type. */
static struct berval
value_of(const char *text)
{
    return (struct berval) { .bv_val = (char *)(uintptr_t)text, .bv_len = strlen(text) };
}

static enum err
sent(struct directory_link *link, int code)
{
    link->broken = link->broken || code != LDAP_SUCCESS;
    return code == LDAP_SUCCESS ? OK : ERR_UNAVAILABLE;
}

enum err
directory_link_bind(struct directory_link *link, const char *dn, const char *password,
                    int64_t until_us, struct directory_said *out)
{
    LDAPControl *controls[] = { &policy_asked, NULL };
    struct berval secret = value_of(password);
    enum err err;
    int id;

    /* Without a password a bind is nobody's, and succeeds (RFC 4513, 5.1.2); so it is without a name. */
    if (text_is_empty(password) || text_is_empty(dn))
        return ERR_INVALID;
    link->until_us = until_us;
    err = sent(link, ldap_sasl_bind(link->ld, dn, LDAP_SASL_SIMPLE, &secret, controls, NULL, &id));
    return err == OK ? answer_read(link, id, until_us, out) : err;
}

enum err
directory_link_change(struct directory_link *link, const char *old_password,
                      const char *new_password, int64_t until_us, struct directory_said *out)
{
    LDAPControl *controls[] = { &policy_asked, NULL };
    struct berval from = value_of(old_password);
    struct berval to = value_of(new_password);
    enum err err;
    int id;

    if (text_is_empty(old_password) || text_is_empty(new_password))
        return ERR_INVALID;
    link->until_us = until_us;
    err = sent(link, ldap_passwd(link->ld, NULL, &from, &to, controls, NULL, &id));
    return err == OK ? answer_read(link, id, until_us, out) : err;
}

/* --- Searching --- */

static void
message_release(void *message)
{
    ldap_msgfree(message);
}

static enum err
search_end(struct directory_link *link, LDAPMessage *message, struct directory_found *out)
{
    int code;

    if (ldap_parse_result(link->ld, message, &code, NULL, NULL, NULL, NULL, 0) != LDAP_SUCCESS) {
        link->broken = true;
        return ERR_UNAVAILABLE;
    }
    out->code = code;
    return OK;
}

/* More than was asked for is for nobody to keep. */
static bool
entry_kept(struct directory_link *link, const struct directory_search *search, LDAPMessage *message,
           struct directory_found *out)
{
    if (out->count == (size_t)search->limit) {
        link->broken = true;
        return false;
    }
    out->entries[out->count++] = message;
    return true;
}

static enum err
entries_read(struct directory_link *link, struct arena *arena,
             const struct directory_search *search, int id, int64_t until_us,
             struct directory_found *out)
{
    for (;;) {
        LDAPMessage *message = awaited(link, id, LDAP_MSG_ONE, until_us);

        if (message == NULL)
            return ERR_UNAVAILABLE;
        arena_own(arena, message, message_release);
        switch (ldap_msgtype(message)) {
        case LDAP_RES_SEARCH_ENTRY:
            if (!entry_kept(link, search, message, out))
                return ERR_UNAVAILABLE;
            break;
        case LDAP_RES_SEARCH_REFERENCE:
            out->referred = true;
            break;
        default:
            return search_end(link, message, out);
        }
    }
}

enum err
directory_link_search(struct directory_link *link, struct arena *arena,
                      const struct directory_search *search, int64_t until_us,
                      struct directory_found *out)
{
    struct timeval left = bound_of(until_us);
    struct directory_found found = {
        .entries = arena_alloc(arena, (size_t)search->limit * sizeof(LDAPMessage *)),
    };
    enum err err;
    int id;

    link->until_us = until_us;
    err = sent(link, ldap_search_ext(link->ld, search->base, LDAP_SCOPE_SUBTREE, search->filter,
                                     (char **)(uintptr_t)search->attributes, 0, NULL, NULL, &left,
                                     search->limit, &id));
    if (err == OK)
        err = entries_read(link, arena, search, id, until_us, &found);
    if (err == OK)
        *out = found;
    return err;
}
