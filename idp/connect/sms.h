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

/* What a notice says; each has a template of its own. */
enum sms_telling {
    SMS_TELLS_CHANGE,
    SMS_TELLS_ALARM, /* somebody asks for her again and again */
    SMS_TELLS_ACT    /* a member of staff acts for her */
};

/* The template for such notices; "": none are sent. */
const char *sms_template_telling(const struct settings *settings, enum sms_telling telling);

/* There is a template for such notices. */
bool sms_can_tell(const struct sms *sms, enum sms_telling telling);

/* What has become of somebody's account. */
struct sms_notice {
    const char *phone_e164;
    enum sms_telling telling;
    const char *what;  /* was changed, or is asked for or done */
    const char *place; /* where it is done; for SMS_TELLS_ACT */
    const char *time;
    const char *traceparent; /* NULL: none */
};

/* The same for a notice; only when sms_can_tell(). */
must_check enum err sms_send_notice(struct sms *sms, struct arena *arena,
                                    const struct sms_notice *notice, unix_s now);

/* A partner asks her to approve something: "link", or "reply" with a number that she sends back. Or we
 * ask whether her card is lost, or let her choose a password: "lost" and "reset", with a link. */
struct sms_question {
    const char *phone_e164;
    const char *kind;
    const char *text;    /* the link's last part, or the number */
    const char *partner; /* its name; NULL: nobody's */
    const char *purpose; /* the partner's own words; "": none */
    const char *traceparent;
};

/* There is a template for questions of that kind. */
bool sms_can_ask(const struct sms *sms, const char *kind);
/* The same for a question; only when sms_can_ask(). */
must_check enum err sms_send_question(struct sms *sms, struct arena *arena,
                                      const struct sms_question *question, unix_s now);

#endif
