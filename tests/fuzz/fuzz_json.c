/* SPDX-License-Identifier: Apache-2.0 */
/* JSON from others (gateways, partners' metadata, tokens): read, and each member asked for as every
 * kind there is; and written again, which must read as the same. */
#include <string.h>

#include "idp/base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_be(bool holds)
{
    if (!holds)
        __builtin_trap();
}

static void
members_read(struct arena *arena, const json_t *object, const char *name)
{
    const json_t *part;
    const char *text = "";
    int64_t number;
    unix_s time = 0;
    bool yes;
    int kinds = 0;

    kinds += member_text(object, name, 64, &text) == OK;
    must_be(strlen(text) <= 64);
    kinds += member_time(object, name, &time) == OK || member_int(object, name, &number) == OK;
    must_be(time >= 0);
    kinds += member_bool(object, name, &yes) == OK;
    kinds += member_object(object, name, &part) == OK;
    kinds += member_list(object, name, &part) == OK;
    must_be(kinds <= 1 && (kinds == 0 || member_is_there(object, name)));
    if (member_words(arena, object, name, 64, &text) == OK ||
        member_audience(arena, object, 64, &text) == OK)
        must_be(strlen(text) <= 64);
}

static void
all_members_read(struct arena *arena, const json_t *object)
{
    const json_t *value;
    const char *name;
    void *at = NULL;

    while ((name = member_next(object, &at, &value)) != NULL) {
        must_be(value == json_object_get(object, name));
        members_read(arena, object, name);
    }
}

/* A number may be longer when it is written out, so the text may be too long to be read. */
static void
reads_as_before(struct arena *arena, const json_t *root, const char *text)
{
    must_be((text != NULL) == (root != NULL));
    if (text != NULL && strlen(text) <= JSON_BYTES_MAX)
        must_be(json_equal(json_read(arena, bytes_of_text(text)), root));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = { "Code", "keys", "iss", "aud", "exp", "essential" };
    struct arena *arena = arena_new(4U << 20);
    const json_t *root = json_read(arena, bytes_of(data, size));

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        members_read(arena, root, names[i]);
    all_members_read(arena, root);
    reads_as_before(arena, root, json_text(arena, root));
    reads_as_before(arena, root, json_text_sorted(arena, root));
    arena_free(arena);
    return 0;
}
