/* SPDX-License-Identifier: Apache-2.0 */
/* What a piece of work stands on: the long-lived services, and this request's
 * own arena, store and time. */
#ifndef IDP_CONTEXT_CTX_H
#define IDP_CONTEXT_CTX_H

#include "idp/base/arena.h"
#include "idp/base/env.h"
#include "idp/base/settings.h"
#include "idp/store/store.h"
#include "keys/keyring.h"
#include "keys/password.h"

/* Who presses twice sends the same form again within this time: it is answered as before, and
 * nothing happens twice (docs/adr/0026). */
#define REPEAT_S 60

struct audit_lanes;       /* idp/audit/lanes.h */
struct audit_sampler;     /* idp/audit/sampler.h */
struct bank;              /* idp/connect/bank_unionpay.h */
struct card_bureau;       /* idp/connect/physical_card.h */
struct bell;              /* idp/context/bell.h */
struct sms;               /* idp/connect/sms.h */
struct wechat;            /* idp/connect/wechat.h */
struct directory;         /* idp/connect/directory.h */
struct staff_groups_file; /* idp/staff/groups.h */
struct https;             /* idp/connect/https.h */
struct registry;          /* idp/partner/registry.h */
struct revocations;       /* idp/session/revocation.h */
struct fresh;             /* idp/session/token.h */
struct resting;           /* idp/server/life/resting.h */
struct polls;             /* idp/session/poll.h */
struct device;            /* idp/person/device.h */
struct told_settings;     /* idp/context/told_setting.h */

/* What /readyz last found of the store; mono_us(). */
struct readiness {
    struct digest row; /* of this process, in the ledger of attempts */
    _Atomic(int64_t) tried_us;
    _Atomic(int64_t) stored_us; /* 0: the last try failed */
    _Atomic(bool) unfit;        /* the schema; the log has been told */
};

/* The clock of card codes (idp/card/clock.h). */
struct card_time {
    _Atomic(int64_t) high;   /* the latest time that this process has seen or heard of */
    _Atomic(int64_t) stored; /* no process acts later before it has raised it in the store */
    _Atomic(int64_t) epoch;
    _Atomic(bool) known;  /* the store has been asked */
    _Atomic(bool) behind; /* the log has been told */
};

/* Made at start, the same for all threads, ended after the last of them. */
struct services {
    _Atomic(const struct settings *) settings; /* swapped by the server on SIGHUP */
    const struct settings *settings_at_start;  /* what others were made from; it outlives them */
    struct env *env;
    struct database *database;
    _Atomic(const struct keyring *) keys; /* swapped by the server on rotation */
    const struct password_cost *hash;     /* of passwords */
    struct bank *bank;
    struct sms *sms;
    struct card_bureau *card_bureau;
    struct wechat *wechat;
    struct directory *directory;
    struct staff_groups_file *staff_groups; /* NULL: no group stands for anything */
    struct https *https;
    struct registry *registry;
    struct revocations *revocations;
    struct fresh *fresh;
    struct polls *polls;
    struct audit_sampler *sampler; /* NULL: every refusal is a record */
    struct audit_lanes *lanes;
    struct bell *outbox;     /* wakes this process' deliverers; NULL: it has none */
    struct resting *resting; /* partners that keep deliverers waiting; NULL: none rests */
    const char *node;        /* this process's name in leases; NULL: it does no jobs */
    /* All settings for people to look at; the table of them stands above the pages. */
    struct told_settings (*settings_tell)(struct arena *arena, const struct settings *settings);
    struct readiness readiness;
    struct card_time card_time;
    _Atomic(int64_t) not_before; /* read of the store once a second; 0: never said */
    _Atomic(bool) draining; /* set by the server once it has been told to end: /readyz says so */
};

/* One request, one command or one round of a background job. */
struct ctx {
    struct services *services;
    const struct settings *settings; /* one snapshot for the whole request */
    struct env *env;
    const struct keyring *keys; /* one snapshot for the whole request */
    struct arena *arena;
    struct store *store;    /* NULL on an epoll thread */
    unix_s now;             /* read once */
    const char *request_id; /* "" outside requests */
    const char *trace_id;   /* 32 hexadecimal digits (trace.h); NULL: none yet */
    const char *trace_flags;
    const char *form;    /* names the form that was sent with all that stood in it; NULL: none */
    const char *address; /* the client's, for caps and audit; "" outside requests */
    const struct device
        *device;              /* what the browser has shown (idp/person/device.h); NULL: nothing */
    const char *browser;      /* what it says it is: "Chrome Android"; "": not known */
    const char *channel;      /* policies/channel.h; from the partner's registration */
    const char *terminal_id;  /* one of that partner's, which has proven itself; "": none */
    const char *staff_id;     /* a member of staff who sits at a counter; "": none */
    const char *counter_id;   /* that counter; "": none */
    const char *partner_id;   /* whose request this is, from the registry; "": nobody's we know */
    const char *partner_name; /* who sent her here, for messages; NULL: nobody */
    const char
        *refusal;       /* what the audit trail was last told: "code.reject pkce"; NULL: nothing, or
                            errors.explain is off */
    bool outbox_filled; /* since the last outbox_wake() (idp/context/outbox.h) */
};

/* Was it handed out before the time that an operator has said after a restore? Then it is worth
 * nothing (idp/session/restored.h). */
bool handed_out_too_early(const struct ctx *ctx, unix_s at);
/* This process has heard of that time; it never goes back. */
void not_before_raise(struct services *services, unix_s to);

/* A ctx for the services with the clock read now. */
struct ctx ctx_new(struct services *services, struct arena *arena, struct store *store);

#endif
