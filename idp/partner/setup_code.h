/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Codes by which a machine is set up, once: a terminal, a counter. An operator is told one, and somebody types it
 * at the machine within a day. The digits of the machine's id stand in front, so that one primary
 * key finds whose it is, and twenty more behind them are the secret: 66 bits that a key pad can type.
 */
#ifndef IDP_PARTNER_SETUP_CODE_H
#define IDP_PARTNER_SETUP_CODE_H

#include "idp/context/ctx.h"

#define SETUP_CODE_S 86400
#define SETUP_TEXT_MAX 60 /* characters of place and agency */
/* Of an id: "t_" or "k_", and ten digits. */
#define SETUP_ID_SIZE 12

/* A kind of machine. */
struct setup_kind {
    const char *prefix;  /* of ids, two characters */
    const char *purpose; /* of the keyed digest */
};

/* What an operator is told once. */
struct setup_code {
    const char *id;
    const char *text; /* digits in groups */
    unix_s until;
};

/* An id that is perhaps taken: a primary key says. */
must_check enum err setup_id_new(struct ctx *ctx, const struct setup_kind *kind, const char **out);

/* A fresh code for the machine of that id, and the digest that is kept of it. */
must_check enum err setup_code_make(struct ctx *ctx, const struct setup_kind *kind, const char *id,
                                    struct digest *digest, struct setup_code *out);

/* What somebody typed (NULL: nothing). False when it has not the form of a code: then there is no machine to look for. */
bool setup_code_read(struct ctx *ctx, const struct setup_kind *kind, const char *typed,
                     const char **id, struct digest *digest);

/* 1 to SETUP_TEXT_MAX characters, none of them for control or direction. NULL is not sound. */
bool setup_text_is_sound(const char *text);

#endif
