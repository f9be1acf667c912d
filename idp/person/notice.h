/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Telling a person by text message that her account was changed, at the number it had before the
 * change: whoever changed it may not be she. A kind of delivery (idp/server/life/outbox.h), so that
 * the change waits for no gateway and fails for none.
 */
#ifndef IDP_PERSON_NOTICE_H
#define IDP_PERSON_NOTICE_H

#include "idp/context/ctx.h"
#include "idp/tables/outbox.h"

#define OUTBOX_NOTICE "notice" /* their kind */

enum notice {
    NOTICE_PASSWORD,
    NOTICE_PASSWORD_AND_PHONE,
    NOTICE_PROMPTS, /* no change: she is asked again and again to approve something */
    NOTICE_WECHAT,
    NOTICE_CARD_MOVED, /* her card was opened on another telephone */
    NOTICE_FAMILY,
    NOTICE_CARD, /* the electronic card: issued, renewed, activated, closed */
    NOTICE_CARD_LOST,
    NOTICE_CARD_RELEASED,
    NOTICE_CARD_UNLINKED,
    NOTICE_CARD_PASSWORD,
    NOTICE_CARD_PASSWORD_LOCKED,
    NOTICE_ACT,  /* no change: a member of staff acts for her; notice_put_act() */
    NOTICE_NAME, /* corrected at a counter; so is the next */
    NOTICE_NUMBER
};

/* In the transaction of the change. Nothing is put where no notices are sent, and for who had no
 * number ("", E.164). */
must_check enum err notice_put(struct ctx *ctx, const char *person_id, const char *phone,
                               enum notice notice);

/* What a member of staff does for her, and where: as a message may carry it (policies/message.h). */
struct notice_act {
    const char *place;
    const char *business;
};

/* The same for that. */
must_check enum err notice_put_act(struct ctx *ctx, const char *person_id, const char *phone,
                                   const struct notice_act *act);

/* Sends one. OK also when it may have arrived: it is not sent twice. */
must_check enum err notice_tell(struct ctx *ctx, const struct stored_delivery *delivery,
                                int *status);

#endif
