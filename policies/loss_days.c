/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/loss_days.h"

#include <string.h>

#include "idp/base/text.h"
#include "policies/typed.h"

#define REGION_DIGITS 6
#define DAYS_LAST_RESORT 15 /* of a list that was never checked */

/* One word: the region, and its days. */
struct loss_rule {
    const char *region;
    size_t digits; /* of the region that count; 0: it stands for the rest */
    int64_t days;
};

static size_t
digits_that_count(const char *region)
{
    if (text_eq(region, "*"))
        return 0;
    if (text_ends(region, "0000"))
        return 2;
    return text_ends(region, "00") ? 4 : REGION_DIGITS;
}

static bool
rule_read(char *word, struct loss_rule *out)
{
    char *colon = strchr(word, ':');

    if (colon == NULL)
        return false;
    *colon = '\0';
    if (!text_eq(word, "*") && (strlen(word) != REGION_DIGITS || !typed_is_digits(word)))
        return false;
    out->region = word;
    out->digits = digits_that_count(word);
    return text_to_int(colon + 1, 1, LOSS_DAYS_MAX, &out->days) == OK;
}

static bool
is_named_before(const char *list, const char *word, const char *region)
{
    const char *cursor = list;
    const char *other;
    size_t size;

    while ((other = text_next_word(&cursor, &size)) != NULL && other != word) {
        if (strcspn(other, ":") == strlen(region) && text_starts(other, region))
            return true;
    }
    return false;
}

static const char *
word_check(struct arena *arena, const char *list, const char *word, size_t size)
{
    const char *text = arena_copy(arena, word, size);
    struct loss_rule rule;

    if (!rule_read(arena_copy(arena, word, size), &rule))
        return arena_printf(arena,
                            "\"%s\" is no region with its days: a six-digit division code or *, a "
                            "colon, and 1 to %d days.",
                            text, LOSS_DAYS_MAX);
    if (is_named_before(list, word, rule.region))
        return arena_printf(arena, "%s stands in it twice.", rule.region);
    return NULL;
}

const char *
loss_days_check(struct arena *arena, const char *list)
{
    const char *cursor = list;
    const char *sentence = NULL;
    const char *word;
    size_t size;
    bool has_rest = false;

    while (sentence == NULL && (word = text_next_word(&cursor, &size)) != NULL) {
        sentence = word_check(arena, list, word, size);
        has_rest = has_rest || word[0] == '*';
    }
    if (sentence == NULL && !has_rest)
        return "It does not say how many days the other regions have.";
    return sentence;
}

int64_t
loss_days(const char *list, const char *region)
{
    struct loss_rule best = { NULL, 0, DAYS_LAST_RESORT };
    const char *cursor = list;
    const char *word;
    size_t size;

    while ((word = text_next_word(&cursor, &size)) != NULL) {
        char room[REGION_DIGITS + 8];
        struct loss_rule rule;

        if (size >= sizeof(room))
            continue;
        memcpy(room, word, size);
        room[size] = '\0';
        if (rule_read(room, &rule) && strncmp(rule.region, region, rule.digits) == 0 &&
            rule.digits >= best.digits)
            best = (struct loss_rule) { NULL, rule.digits, rule.days };
    }
    return best.days;
}
