/* SPDX-License-Identifier: Apache-2.0 */
/* Others: whom we call, who is believed, and whether their names are known. */
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "idp/base/text.h"
#include "idp/connect/address.h"
#include "idp/server/doctor/doctor.h"
#include "policies/network.h"

#define AT(member) SETTING_AT(member)
#define LOOKUP_S 3
/* Wider networks than these are no place where only one's own proxies are. */
#define PROXIES_BITS_4 8
#define PROXIES_BITS_6 32

/* --- Names --- */

enum lookup {
    LOOKUP_UNKNOWN, /* no answer in time */
    LOOKUP_NONE,
    LOOKUP_FOUND
};

/* A lookup that hangs cannot be taken back: it keeps its own memory, which then stays. */
struct query_of_a_name {
    struct gaicb query;
    char name[256];
};

static enum lookup
look_up(const char *name)
{
    const struct timespec patience = { .tv_sec = LOOKUP_S };
    struct query_of_a_name *asked = calloc(1, sizeof(*asked));
    struct gaicb *list[1];
    int code;

    if (asked == NULL || strlen(name) >= sizeof(asked->name)) {
        free(asked);
        return LOOKUP_UNKNOWN;
    }
    memcpy(asked->name, name, strlen(name) + 1);
    asked->query.ar_name = asked->name;
    list[0] = &asked->query;
    if (getaddrinfo_a(GAI_NOWAIT, list, 1, NULL) != 0) {
        free(asked);
        return LOOKUP_UNKNOWN;
    }
    gai_suspend((const struct gaicb *const *)list, 1, &patience);
    code = gai_error(&asked->query);
    if (code == EAI_INPROGRESS && gai_cancel(&asked->query) != EAI_CANCELED)
        return LOOKUP_UNKNOWN;
    if (code == 0)
        freeaddrinfo(asked->query.ar_result);
    free(asked);
    if (code == EAI_INPROGRESS || code == EAI_AGAIN)
        return LOOKUP_UNKNOWN;
    return code == 0 ? LOOKUP_FOUND : LOOKUP_NONE;
}

static void
url_known_check(struct doctor *doctor, size_t setting, const char *url, enum finding_level missing)
{
    const char *host = doctor_host_of(doctor, url);
    enum address_kind kind;

    if (*url == '\0' || !doctor_may_use(doctor, setting) || address_parse(host, &kind))
        return;
    switch (look_up(host)) {
    case LOOKUP_FOUND:
        doctor_tell(doctor, FINDING_OK, setting, "", "The name %s is known.", host);
        break;
    case LOOKUP_NONE:
        doctor_tell(doctor, missing, setting, "Look at the name and at /etc/resolv.conf.",
                    "The name %s is not known here.", host);
        break;
    case LOOKUP_UNKNOWN:
        doctor_tell(doctor, FINDING_WARNING, setting, "Look at /etc/resolv.conf.",
                    "No name server has answered within %d s what %s is.", LOOKUP_S, host);
        break;
    }
}

static void
known_check(struct doctor *doctor, size_t setting, enum finding_level missing)
{
    url_known_check(doctor, setting, setting_text(&doctor->settings, config_setting_at(setting)),
                    missing);
}

/* --- Servers of the directory --- */

static void
directory_check(struct doctor *doctor)
{
    const char *cursor = doctor->settings.directory.urls;
    const char *word;
    size_t size;

    while ((word = text_next_word(&cursor, &size)) != NULL)
        url_known_check(doctor, AT(directory.urls), arena_copy(doctor->arena, word, size),
                        FINDING_ERROR);
    if (text_list_count(doctor->settings.directory.urls) == 1)
        doctor_say(doctor, FINDING_WARNING, AT(directory.urls),
                   "There is one directory server: without it nobody signs in at a counter.",
                   "Name a second one behind it.");
}

/* --- Gateways --- */

/* Without a sentence one may do without it. */
static void
gateway_check(struct doctor *doctor, size_t setting, const char *sentence, const char *advice)
{
    const char *url = setting_text(&doctor->settings, config_setting_at(setting));
    const char *host = doctor_host_of(doctor, url);
    enum address_kind kind;
    bool is_here =
        text_eq(host, "localhost") || (address_parse(host, &kind) && kind == ADDRESS_LOOPBACK);

    if (*url == '\0' && sentence == NULL)
        return;
    if (*url == '\0')
        doctor_say(doctor, FINDING_WARNING, setting, sentence, advice);
    else if (text_starts(url, "http://") && !is_here)
        doctor_tell(doctor, FINDING_WARNING, setting, "Write https:// where the gateway has it.",
                    "%s.url is plain http: what is sent there can be read on the way.",
                    config_setting_at(setting)->section);
    known_check(doctor, setting, FINDING_ERROR);
}

/* --- Who is believed --- */

static void
proxies_check(struct doctor *doctor)
{
    const char *cursor = doctor->settings.server.trusted_proxies;
    const char *word;
    size_t size;

    while (doctor_may_use(doctor, AT(server.trusted_proxies)) &&
           (word = text_next_word(&cursor, &size)) != NULL) {
        const char *text = arena_copy(doctor->arena, word, size);
        struct networks one;
        bool is_4;

        if (networks_read(text, &size, &one) != NULL || one.count != 1)
            continue;
        is_4 = one.at[0].family == AF_INET;
        if (one.at[0].bits < (is_4 ? PROXIES_BITS_4 : PROXIES_BITS_6))
            doctor_tell(doctor, FINDING_WARNING, AT(server.trusted_proxies),
                        "Whoever is in it may say to be anybody: name your own proxies.",
                        "server.trusted_proxies believes all of %s.", text);
    }
}

void
doctor_look_at_network(struct doctor *doctor)
{
    gateway_check(
        doctor, AT(bank.url),
        "There is no bank network: nobody can register or recover an account by a bank card.",
        "Set [bank], or know that accounts come about in another way.");
    gateway_check(
        doctor, AT(sms.url),
        "There is no gateway for messages: nobody gets a code, for registering, logging in "
        "or a lost password.",
        "Set [sms], or know that only passwords are used.");
    gateway_check(doctor, AT(card_bureau.url), NULL, NULL);
    directory_check(doctor);
    known_check(doctor, AT(server.issuer), FINDING_WARNING);
    proxies_check(doctor);
}
