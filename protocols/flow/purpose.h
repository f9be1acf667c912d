/* SPDX-License-Identifier: Apache-2.0 */
/* Why a person is led through pages of ours, and where it goes on when they are done. The pages end
 * a flow with an outcome; only whoever began it knows what that means. */
#ifndef PROTOCOLS_FLOW_PURPOSE_H
#define PROTOCOLS_FLOW_PURPOSE_H

#include <stdbool.h>

/* As sealed into the transaction. */
#define PURPOSE_OWN "own"                     /* she came to our own pages */
#define PURPOSE_PASSWORD "password"           /* she wants another password */
#define PURPOSE_WECHAT "wechat"               /* she looks at what of WeChat is bound */
#define PURPOSE_MINI "mini"                   /* a mini program sent her, to be bound */
#define PURPOSE_SESSIONS "sessions"           /* she looks at where she is logged in */
#define PURPOSE_HISTORY "history"             /* she looks at what staff did */
#define PURPOSE_FAMILY "family"               /* she looks at the cards of her family */
#define PURPOSE_QR "qr"                       /* she has scanned the code of another screen */
#define PURPOSE_CARD "card"                   /* she wants to show her card */
#define PURPOSE_CARD_KEEP "card_keep"         /* she renews, unlinks or closes it */
#define PURPOSE_CARD_LOSS "card_loss"         /* she reports her card lost, or found */
#define PURPOSE_CARD_PASSWORD "card_password" /* she sets its password */
#define PURPOSE_CARD_PAY "card_pay"           /* it shall pay */
#define PURPOSE_CARD_LOST "card_lost"         /* she follows the link of a message */
#define PURPOSE_RESET "reset"                 /* she follows the link that a counter has had sent */
#define PURPOSE_APPROVAL "approval"   /* she is to answer what a partner asks over another line */
#define PURPOSE_AUTHORIZE "authorize" /* a partner's authorization request */
#define PURPOSE_STAFF "staff"         /* a member of staff at her counter */
#define PURPOSE_STAFF_PEOPLE "staff_people"     /* she manages members of staff */
#define PURPOSE_STAFF_SETTINGS "staff_settings" /* she looks at the settings */
#define PURPOSE_STAFF_AUDIT "staff_audit"       /* she reads the audit trail */
#define PURPOSE_STAFF_COUNTERS "staff_counters" /* she manages counters */
#define PURPOSE_DEVICE "device"                 /* a device that shows a code (RFC 8628) */
#define PURPOSE_COUNTER "counter"               /* a computer becomes that of a counter */
#define PURPOSE_STAFF_ENTER "staff_enter"       /* such a request of one that staff log in to */
#define PURPOSE_HAND_OVER "hand_over" /* the same on its way there: no page of ours opens it */
#define PURPOSE_STAFF_SIGN_IN "staff_sign_in" /* she signs in there */

struct purpose {
    const char *name;
    const char *resume; /* the path where it goes on */
    bool reads_outcome; /* takes the transaction along; else the transaction is over */
    bool
        judges_anew; /* what expired goes there too, to be asked again; else its page begins anew */
};

/* Where a flow of our own that led to `path` begins: "/register/code" is a page of "/register". */
const char *purpose_own_page(const char *path);

/* NULL for a name that this version does not know. */
const struct purpose *purpose_find(const char *name);

#endif
