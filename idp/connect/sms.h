/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The short-message connector: one-time codes through Aliyun's SendSms (version 2017-05-25,
 * ACS3-HMAC-SHA256).
 */
#ifndef IDP_CONNECT_SMS_H
#define IDP_CONNECT_SMS_H

#include "idp/base/arena.h"
#include "idp/base/env.h"
#include "idp/base/settings.h"
#include "idp/connect/https.h"

struct sms;

/*
 * All three must outlive it. With an empty sms.url every message is ERR_UNAVAILABLE. ERR_INVALID: a
 * bad sms.url.
 */
must_check enum err sms_new(const struct settings *settings, struct https *https, struct env *env,
                            struct sms **out);
void sms_free(struct sms *sms);

/* There is a gateway to hand messages to. */
bool sms_is_configured(const struct sms *sms);

struct sms_code {
    const char *phone; /* a mainland number, "+8613800138000" */
    const char *digits;
    const char *purpose;     /* chooses the template: policies/message.h */
    const char *partner;     /* the name of the application she came from; NULL: none */
    const char *traceparent; /* NULL: none */
};

/*
 * Hand a code to the gateway. ERR_INVALID: no such number or digits; ERR_BUSY: too many under way,
 * or the breaker is open; ERR_UNAVAILABLE: not taken; ERR_UNKNOWN: may be on its way.
 */
must_check enum err sms_send_code(struct sms *sms, struct arena *arena, const struct sms_code *code,
                                  unix_s now);

/* There is a template for notices. */
bool sms_can_tell(const struct sms *sms);

/* What has become of somebody's account. */
struct sms_notice {
    const char *phone_e164;
    const char *what; /* was changed */
    const char *time;
    const char *traceparent; /* NULL: none */
};

/* The same for a notice; only when sms_can_tell(). */
must_check enum err sms_send_notice(struct sms *sms, struct arena *arena,
                                    const struct sms_notice *notice, unix_s now);

#endif
