/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A browser that somebody logged in with before: what it shows is sealed and nothing of it is
 * stored. It holds no personal data, and it opens no door: it only keeps strangers' failures and
 * requests from counting against the people who use it (docs/adr/0012).
 */
#ifndef IDP_PERSON_DEVICE_H
#define IDP_PERSON_DEVICE_H

#include <stdbool.h>

#include "idp/context/ctx.h"

#define DEVICE_PEOPLE                                                                              \
    8 /* a family shares a phone; with one more, the longest absent is forgotten */

struct device {
    uint64_t id; /* random */
    size_t count;
    struct {
        uint64_t phone; /* of its keyed digest: enough in a box that nobody else can make */
        unix_s at;      /* the last login */
    } people[DEVICE_PEOPLE];
};

/* From the cookie's value (may be NULL). NULL when it is none of ours. In the arena. */
const struct device *device_open(struct ctx *ctx, const char *cookie);

/* A browser that has shown nothing gets a name, as ctx->device. */
must_check enum err device_settle(struct ctx *ctx);

/* The name of ctx->device, for the rows of its sessions; "" when there is none. */
const char *device_name(const struct ctx *ctx);

/* Has the person with this number (E.164) logged in with ctx->device, within life.device_s? */
bool device_knows(const struct ctx *ctx, const char *phone);

/* ctx->device (or a new one) with that number in it (NULL: with none more), as the new value of the cookie. */
must_check enum err device_remember(struct ctx *ctx, const char *phone, const char **cookie);

/*
 * Who asks for something about this number: the browser when it knows the number, else the network
 * unit. *known says which.
 */
const char *device_requester(struct ctx *ctx, const char *phone, bool *known);

#endif
