/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What there is to tell, as a small tree, and a wish for parts of it: the JSON of a claim in the
 * claims parameter (OpenID Connect Core, 5.5.1; OpenID Identity Assurance 1.0, 6). A wish that names
 * a value asks "is it this one?": who asks for another is told nothing.
 */
#ifndef POLICIES_DETAIL_H
#define POLICIES_DETAIL_H

#include <jansson.h>
#include <stdbool.h>

#include "idp/base/arena.h"
#include "idp/base/buf.h"
#include "idp/base/env.h"

enum detail_kind {
    DETAIL_TEXT,
    DETAIL_NUMBER,
    DETAIL_BOOL,
    DETAIL_TIME,
    DETAIL_OBJECT,
    DETAIL_LIST
};

enum detail_flag {
    DETAIL_ALWAYS = 1,  /* told with its object, also to who does not name it */
    DETAIL_BRIEF = 2,   /* the same, but of it only what is always told */
    DETAIL_BY_NAME = 4, /* told to nobody who does not name it */
    DETAIL_SINGLY = 8 /* of an object: a member that does not fit is left out, and the rest told */
};

struct detail {
    enum detail_kind kind;
    unsigned flags;
    const char *name; /* NULL in a list */
    const char *text; /* of a time: as it is told */
    int64_t number;
    unix_s time;
    bool yes;
    struct detail *first; /* members, elements */
    struct detail *last;
    struct detail *next;
};

/* At the end of `parent`; all live in the arena. A text that is empty is not added. */
struct detail *detail_new(struct arena *arena, enum detail_kind kind, const char *name);
struct detail *detail_add(struct arena *arena, struct detail *parent, enum detail_kind kind,
                          const char *name);
void detail_add_text(struct arena *arena, struct detail *parent, const char *name,
                     const char *text);
void detail_add_number(struct arena *arena, struct detail *parent, const char *name,
                       int64_t number);
void detail_add_time(struct arena *arena, struct detail *parent, const char *name, unix_s time);

/*
 * Does it meet what the wish demands? NULL and null demand nothing. Of a list one element is enough
 * that meets one of the wishes for it. What we do not have meets no demand; a member that demands
 * nothing is passed over.
 */
bool detail_fits(const struct detail *detail, const json_t *wish, unix_s now);

/* What the wish names of a detail that fits; NULL and null: all, except what is told by name. */
void detail_emit(const struct detail *detail, const json_t *wish, unix_s now, struct buf *out);

#endif
