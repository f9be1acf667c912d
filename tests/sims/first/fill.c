/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/first/fill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/embedded.h"
#include "idp/base/text.h"
#include "tests/sims/kit.h"

extern const struct embedded_file first_files[];

struct first_filling {
    struct buf *out;
    enum language language;
    const struct hole *holes;
    const char *at;
    bool in_words;
    bool other_language;
    unsigned depth; /* of parts */
    unsigned shut;  /* the depth of the outermost part that does not stand; 0: all do */
};

static void
give_up(const char *what, const char *name)
{
    fprintf(stderr, "first_sim: no %s is called %s\n", what, name);
    abort();
}

const char *
first_file(const char *name)
{
    for (const struct embedded_file *file = first_files; file->name != NULL; file++) {
        if (text_eq(file->name, name))
            return file->at;
    }
    give_up("file", name);
    return NULL;
}

static const char *
value_of(const struct first_filling *filling, const char *name)
{
    for (const struct hole *hole = filling->holes; hole->name != NULL; hole++) {
        if (text_eq(hole->name, name))
            return hole->value != NULL ? hole->value : "";
    }
    give_up("hole", name);
    return NULL;
}

static bool
moved_past(struct first_filling *filling, const char *mark)
{
    if (!text_starts(filling->at, mark))
        return false;
    filling->at += strlen(mark);
    return true;
}

/* The text up to `end`, which is passed. */
static const char *
name_read(struct first_filling *filling, const char *end)
{
    const char *stop = strstr(filling->at, end);
    const char *name;

    if (stop == NULL)
        give_up("end", end);
    name = arena_copy(filling->out->arena, filling->at, (size_t)(stop - filling->at));
    filling->at = stop + strlen(end);
    return name;
}

static void
hole_fill(struct first_filling *filling, const char *name, bool raw)
{
    if (filling->shut != 0 || filling->other_language)
        return;
    if (raw)
        buf_text(filling->out, value_of(filling, name));
    else
        kit_html(filling->out, value_of(filling, name));
}

static void
part_begin(struct first_filling *filling, bool stands)
{
    filling->depth++;
    if (!stands && filling->shut == 0)
        filling->shut = filling->depth;
}

static void
part_end(struct first_filling *filling)
{
    if (filling->shut == filling->depth)
        filling->shut = 0;
    filling->depth--;
}

static bool
stands(struct first_filling *filling)
{
    return !text_is_empty(value_of(filling, name_read(filling, "}}")));
}

/* True when a mark stood here. */
static bool
mark_filled(struct first_filling *filling)
{
    if (moved_past(filling, "{{{"))
        hole_fill(filling, name_read(filling, "}}}"), true);
    else if (moved_past(filling, "{{#"))
        part_begin(filling, stands(filling));
    else if (moved_past(filling, "{{^"))
        part_begin(filling, !stands(filling));
    else if (moved_past(filling, "{{/") && name_read(filling, "}}") != NULL)
        part_end(filling);
    else if (moved_past(filling, "{{"))
        hole_fill(filling, name_read(filling, "}}"), false);
    else
        return false;
    return true;
}

static bool
words_filled(struct first_filling *filling)
{
    if (moved_past(filling, "[[")) {
        filling->in_words = true;
        filling->other_language = filling->language != LANGUAGE_ZH_CN;
    } else if (filling->in_words && moved_past(filling, "||")) {
        filling->other_language = !filling->other_language;
    } else if (filling->in_words && moved_past(filling, "]]")) {
        filling->in_words = false;
        filling->other_language = false;
    } else {
        return false;
    }
    return true;
}

void
first_fill(struct buf *out, const char *file, enum language language, const struct hole *holes)
{
    struct first_filling filling = {
        .out = out, .language = language, .holes = holes, .at = first_file(file)
    };

    while (*filling.at != '\0') {
        if (mark_filled(&filling) || words_filled(&filling))
            continue;
        if (filling.shut == 0 && !filling.other_language)
            buf_char(out, *filling.at);
        filling.at++;
    }
}
