/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/groups.h"

#include <stdlib.h>

#include "idp/base/file.h"
#include "idp/base/log.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/person/vault.h"
#include "policies/identity_number.h"

#define FILE_MAX_BYTES ((size_t)1024 * 1024)
#define KEPT_MAX_BYTES ((size_t)8 * 1024 * 1024)

struct staff_groups_file {
    struct arena *arena;
    struct staff_groups groups;
};

static const char *
groups_taken(struct arena *arena, struct bytes text, struct staff_groups_file *file)
{
    json_error_t fault;
    json_t *table = json_open(text, &fault);
    struct held held;
    const char *wrong;

    if (table == NULL)
        return arena_printf(arena, "Line %d is no JSON.", fault.line);
    hold_begin(&held, json_release, table);
    wrong = staff_groups_read(file->arena, table, &file->groups);
    if (wrong != NULL)
        wrong = arena_text(arena, wrong);
    hold_release(&held);
    return wrong;
}

enum err
staff_groups_open(struct arena *arena, const char *path, struct staff_groups_file **out,
                  const char **why)
{
    struct staff_groups_file *file;
    struct bytes text;

    *why = NULL;
    if (text_is_empty(path)) {
        *out = NULL;
        return OK;
    }
    if (file_read(arena, path, FILE_MAX_BYTES, &text) != OK) {
        *why = "It cannot be read.";
        return ERR_NOT_FOUND;
    }
    file = memory_new(sizeof(*file));
    file->arena = arena_new(KEPT_MAX_BYTES);
    *why = groups_taken(arena, text, file);
    if (*why != NULL) {
        staff_groups_free(file);
        return ERR_INVALID;
    }
    *out = file;
    return OK;
}

void
staff_groups_free(struct staff_groups_file *file)
{
    if (file == NULL)
        return;
    arena_free(file->arena);
    free(file);
}

const char *
staff_place_of(struct ctx *ctx, const struct directory_person *person, struct staff_place *out)
{
    static const struct staff_groups none = { NULL, 0 };
    const struct staff_groups_file *file = ctx->services->staff_groups;

    return staff_groups_place(ctx->arena, file != NULL ? &file->groups : &none, person->groups,
                              person->group_count, out);
}

enum err
groups_read(struct ctx *ctx, const struct directory_person *person, struct stored_staff *out)
{
    struct staff_place place;
    const char *why = staff_place_of(ctx, person, &place);

    if (why != NULL) {
        log_line(LOG_WARN, "staff.no_place", log_text("staff", person->staff_id),
                 log_text("reason", why));
        return ERR_REFUSED;
    }
    out->roles = place.roles;
    out->agency = place.agency;
    out->region = place.region;
    return OK;
}

/* In its one spelling, or two accounts of one person would be two persons. */
struct bytes
staff_person_key(struct ctx *ctx, const struct directory_person *person)
{
    struct digest *key = arena_alloc(ctx->arena, sizeof(*key));
    struct identity_number number;

    if (identity_number_check(person->identity_number, time_beijing_date(ctx->now), &number) !=
        NULL)
        return (struct bytes) { .size = 0 };
    *key = identity_digest(ctx, number.text);
    return digest_view(key);
}
