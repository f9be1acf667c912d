/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/config/value_list.h"

#include <string.h>

#include "idp/base/text.h"
#include "idp/server/engine/listen.h"
#include "policies/directory_url.h"
#include "policies/family.h"
#include "policies/network.h"

static void
fault(const struct config_value *value, const char *sentence, const char *advice)
{
    reading_fault_of(value->reading, value->setting, sentence, advice);
}

/* "x,y" and "x, y" are the mistake that is made most. */
static bool
has_commas(const char *word)
{
    return strpbrk(word, ",;") != NULL || strstr(word, "，") != NULL || strstr(word, "、") != NULL;
}

/* The next word of the list, as a text of its own; NULL at the end. */
static const char *
word_next(const struct config_value *value, const char **cursor)
{
    size_t size;
    const char *word = text_next_word(cursor, &size);

    return word != NULL ? arena_copy(value->reading->arena, word, size) : NULL;
}

/* --- Addresses to listen at --- */

static const char *
listen_advice(struct arena *arena, const char *word)
{
    const char *colon = strrchr(word, ':');

    if (has_commas(word))
        return "Put blanks between addresses, no commas.";
    if (strstr(word, "://") != NULL)
        return "Leave out the scheme: write HOST:PORT.";
    if (word[0] == ':' || word[0] == '*')
        return arena_printf(arena, "For all addresses of the machine write 0.0.0.0%s.",
                            colon != NULL ? colon : ":PORT");
    if (colon == NULL || (*word == '[' && text_ends(word, "]")))
        return arena_printf(arena, "Add the port: %s:9080.", word);
    if (strchr(word, ':') != colon && *word != '[')
        return "Put an IPv6 address into brackets: [::1]:9080.";
    if (word[strspn(word, "0123456789.:[]abcdefABCDEF")] != '\0')
        return "Write the host as an address in numbers: names are not looked up.";
    return "Write an address in numbers and a port from 0 to 65535.";
}

void
value_list_listen(const struct config_value *value)
{
    struct arena *arena = value->reading->arena;
    const char *cursor = value->text;
    const char *word;
    const char *problem;
    bool sound = true;

    while ((word = word_next(value, &cursor)) != NULL) {
        if (listen_problem(arena, word) == NULL)
            continue;
        sound = false;
        fault(value,
              arena_printf(arena, "%s: \"%s\" is no address with a port.", value->name, word),
              listen_advice(arena, word));
    }
    problem = sound ? listen_problem(arena, value->text) : NULL;
    if (problem != NULL)
        fault(value, arena_printf(arena, "%s %s", value->name, problem),
              "Take out what is too much.");
}

/* --- Addresses and networks --- */

static const char *
network_advice(const char *word)
{
    if (has_commas(word))
        return "Put blanks between addresses, no commas.";
    if (text_ends(word, "/0"))
        return "That is everybody, and whoever is believed may say to be anybody: name the "
               "network in which your own proxies are.";
    if (strchr(word, '/') != NULL)
        return "Behind the / stands how many bits are the same: 1 to 32 for IPv4, 1 to 128 for "
               "IPv6.";
    if (strpbrk(word, "[]") != NULL || (strchr(word, '.') != NULL && strchr(word, ':') != NULL))
        return "Write the address alone, without brackets or port.";
    return "Write an address (10.0.0.2) or a network (10.0.0.0/8): names are not looked up.";
}

void
value_list_networks(const struct config_value *value)
{
    struct arena *arena = value->reading->arena;
    struct networks networks;
    const char *cursor = value->text;
    const char *word;
    size_t count = 0;
    size_t size;

    for (; (word = word_next(value, &cursor)) != NULL; count++) {
        if (networks_read(word, &size, &networks) != NULL)
            fault(
                value,
                arena_printf(arena, "%s: \"%s\" is no address and no network.", value->name, word),
                network_advice(word));
    }
    if (count > NETWORKS_MAX)
        fault(value, arena_printf(arena, "%s has room for %d networks.", value->name, NETWORKS_MAX),
              "Name the networks in which they are.");
}

/* --- Names --- */

static const char *
host_advice(const char *word)
{
    if (has_commas(word))
        return "Put blanks between names, no commas.";
    if (strstr(word, "://") != NULL)
        return "Leave out the scheme: write the name alone.";
    return "Write a name (admin.example.cn) or an address.";
}

void
value_list_hosts(const struct config_value *value)
{
    struct arena *arena = value->reading->arena;
    const char *cursor = value->text;
    const char *word;

    while ((word = word_next(value, &cursor)) != NULL) {
        if (word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "-._:[]")] != '\0')
            fault(value, arena_printf(arena, "%s: \"%s\" is no host name.", value->name, word),
                  host_advice(word));
    }
}

/* --- Directory servers --- */

static const char *
directory_advice(const char *word)
{
    if (has_commas(word))
        return "Put blanks between addresses, no commas.";
    if (strstr(word, "://") == NULL)
        return "Write ldaps:// in front of the host, or ldap:// for StartTLS.";
    return "Write ldaps://HOST or ldaps://HOST:PORT, and nothing behind it.";
}

void
value_list_directory(const struct config_value *value)
{
    struct arena *arena = value->reading->arena;
    const char *cursor = value->text;
    const char *word;

    while ((word = word_next(value, &cursor)) != NULL) {
        if (!directory_url_is_right(word))
            fault(value,
                  arena_printf(arena, "%s: \"%s\" is no address of a directory server.",
                               value->name, word),
                  directory_advice(word));
    }
    if (text_list_count(value->text) > DIRECTORY_SERVERS_MAX)
        fault(
            value,
            arena_printf(arena, "%s has room for %d servers.", value->name, DIRECTORY_SERVERS_MAX),
            "Name those that are nearest.");
}

/* --- Members of a family --- */

static const char *
family_advice(const char *word)
{
    if (has_commas(word))
        return "Put blanks between them, no commas.";
    return "Write each of elder, child, spouse and other once at most, with a number from 0 to 20: "
           "elder:4 child:3.";
}

void
value_list_family(const struct config_value *value)
{
    struct arena *arena = value->reading->arena;
    struct family_limits limits;
    size_t size;
    const char *wrong = family_limits_read(value->text, &size, &limits);

    if (wrong == NULL)
        return;
    wrong = arena_copy(arena, wrong, size);
    fault(value, arena_printf(arena, "%s: \"%s\" is no limit.", value->name, wrong),
          family_advice(wrong));
}
