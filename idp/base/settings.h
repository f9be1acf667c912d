/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration once read: plain data that every layer may look at.
 * idp/server/config/config.c fills and documents it. */
#ifndef IDP_BASE_SETTINGS_H
#define IDP_BASE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

/* Texts are never NULL (empty when not set) and live as long as the server. */
struct settings {
    struct {
        const char *issuer;         /* no slash at the end; the only source of links */
        bool issuer_is_https;       /* decides cookie names and flags */
        const char *issuer_path;    /* of the issuer: "" or "/auth", before every path of ours */
        const char *listen;         /* "127.0.0.1:9080 [::1]:9080": idp/server/engine/listen.h */
        const char *admin_listen;   /* the same; empty: no admin listener */
        const char *control_socket; /* empty: idp/server/life/control.h says where */
        const char *tls_certificate_file;
        const char *tls_key_file;
        const char *trusted_proxies; /* space-separated addresses and networks (policies/network.h)
                                        whose X-Forwarded-For is believed */
        int64_t epoll_threads;
        int64_t workers;
        int64_t connection_limit;
        int64_t request_deadline_s; /* a worker's whole answer */
        int64_t header_deadline_s;  /* from accept to the last byte of the request */
        int64_t drain_deadline_s;
        int64_t connections_per_address; /* and never more than a quarter of connection_limit */
        const char *admin_hosts; /* space-separated: what the admin listener is called besides its
                                    address */
    } server;
    struct {
        const char *url; /* "sqlite:/var/lib/tongxing/tongxing.db" or "postgresql://…" */
        int64_t statement_timeout_s; /* PostgreSQL; never longer than request_deadline_s */
        int64_t connect_timeout_s;   /* PostgreSQL; for each host of the URL */
    } store;
    struct {
        const char *encryption_key_file; /* 32 bytes in hex, mode 0600 */
        int64_t rotation_s;              /* a new signing key is announced this often */
        int64_t announce_s;              /* announced so long before it signs */
    } keys;
    struct {
        bool numbered_revocations; /* as nodes of the version before read them (docs/adr/0016) */
        int64_t sealed_layout;     /* idp/base/pack.h; the newest, or the one before it */
    } upgrade;
    struct {
        int64_t transaction_s; /* a login under way */
        int64_t code_s;
        int64_t access_token_s;
        int64_t id_token_s;
        int64_t grant_s; /* absolute life of a refresh family */
        int64_t session_idle_s;
        int64_t session_absolute_s;
        int64_t device_s;
        int64_t phone_s;           /* a browser is known for so long after a login */
        bool public_refresh_retry; /* docs/adr/0025 */
    } life;
    struct { /* policies/lockout.h says which line of the ledger each of them bounds */
        int64_t password_tries;
        int64_t password_tries_phone;
        int64_t password_window_s;
        int64_t password_wait_s;
        int64_t password_wait_most_s;
        int64_t password_tries_address;
        int64_t password_address_window_s;
        int64_t codes_minute;
        int64_t codes_hour;
        int64_t codes_day;
        int64_t codes_strangers_free;
        int64_t codes_strangers_day;
        int64_t codes_wait_s;
        int64_t codes_wait_most_s;
        int64_t codes_phone_day;
        int64_t codes_address;
        int64_t codes_prefix;
        int64_t codes_address_window_s;
        int64_t codes_all_minute;
        int64_t codes_all_day;
        int64_t bank_person_day;
        int64_t bank_card_day;
        int64_t client_failures;
        int64_t card_tries;
        int64_t card_window_s;
        int64_t card_wait_s;
        int64_t card_wait_most_s;
        int64_t card_tries_terminal;
        int64_t card_terminal_window_s;
        int64_t card_password_tries;
        int64_t card_password_window_s;
        int64_t devices_address;
        int64_t devices_partner;
        int64_t user_codes;
        int64_t user_codes_address;
        int64_t prompts;
        int64_t replies;
    } limits;
    struct {
        int64_t keep_refusals_s;
        int64_t keep_changes_s; /* 0: for ever */
        int64_t rows_a_minute;  /* of refusals that name nobody, on this node */
    } audit;
    struct {
        const char *url; /* gateway, with trailing "/gateway/api/" */
        const char *merchant_id;
        const char *biz_type;
        const char *certificate_file; /* PEM: our signing certificate */
        const char *key_file;
        const char *root_file; /* PEM: who must have issued the network's certificate */
        const char *middle_file;
        bool test_network; /* also accept the test network's certificate name */
        int64_t max_in_flight;
        int64_t deadline_s;
    } bank;
    struct {
        const char *url;
        const char *access_key_id;
        const char *access_key_secret;
        const char *sign_name;
        const char *template_code;          /* for each purpose that has none of its own */
        const char *template_code_register; /* these four: policies/message.h */
        const char *template_code_login;
        const char *template_code_bank;
        const char *template_code_recover;
        const char *template_partner; /* the templates' variable for the partner's name; "": none */
        int64_t max_in_flight;
        int64_t deadline_s;
        const char *template_code_notice; /* "": nobody is told of a change by message */
        const char *template_code_alarm;  /* "": nor that she is asked again and again */
        const char *template_code_act;    /* "": nor that a member of staff acts for her */
        const char *template_code_link;   /* "": no links are sent */
        const char *template_code_reply;  /* "": nobody is asked for an answer by message */
        const char *template_code_lost;   /* "": no card is reported lost by message */
        const char *template_code_reset;  /* "": no member of staff has a link sent */
        const char *callback_secret;      /* of the gateway, when it hands on answers */
    } sms;
    struct { /* each pair is set or not: idp/connect/wechat.h says what of */
        const char *official_appid;
        const char *official_secret;
        const char *open_appid;
        const char *open_secret;
        const char *mini_appid;
        const char *mini_secret;
        const char *api_url;  /* without a slash at the end; so the next */
        const char *page_url; /* where the browser is sent to log in */
        int64_t max_in_flight;
        int64_t deadline_s;
    } wechat;
    struct {
        const char *url; /* of the card office, with a slash at the end */
        const char *app_id;
        const char *secret; /* shared with it: both sides sign by it */
        int64_t max_in_flight;
        int64_t deadline_s;
    } card_bureau;
    struct {              /* idp/connect/directory.h */
        const char *urls; /* in the order in which they are asked: policies/directory_url.h */
        const char *ca_file;
        const char *bind_dn;
        const char *bind_password;
        const char *base;
        const char *filter;
        const char *login_attribute;
        const char *name_attribute;
        const char *identity_attribute;
        const char *group_attribute;
        int64_t max_in_flight;
        int64_t deadline_s; /* for each step */
        int64_t stale_s;    /* whom it has not confirmed for so long is signed out */
    } directory;
    struct {
        const char *code_alg;      /* that signs card codes: "ES256", "SGD_SM3_SM2" */
        const char *family_limits; /* policies/family.h */
        const char *loss_days;     /* policies/loss_days.h */
    } card;
    struct {
        bool allow_loopback; /* partners' addresses may be on this machine and plain http: demo and
                                tests only */
        const char *ca_file; /* trusted for outbound TLS besides the system's */
    } outbound;
    struct {
        bool nonce; /* proofs must hold one of ours (protocols/http/dpop.h) */
    } dpop;
    struct {
        bool explain; /* why, to partners: sandboxes only (protocols/http/explain.h) */
    } errors;
    struct { /* of discovery; empty: not announced */
        const char *service_documentation;
        const char *op_policy_uri;
        const char *op_tos_uri;
    } discovery;
    struct {
        bool approval_hook; /* protocols/account/approval_hook.c; a loopback issuer's only */
    } tests;
    struct {                /* the listener at which staff work (docs/adr/0056) */
        const char *listen; /* as server.listen; empty: there is none */
        const char *url;    /* its origin as browsers know it, without a path */
        const char *tls_certificate_file;
        const char *tls_key_file;
        const char
            *client_ca_file;     /* PEM: client certificates are asked for; empty: they are not */
        const char *networks;    /* who may come, as trusted_proxies; empty: everybody */
        const char *groups_file; /* JSON: groups of the directory and what they stand for */
    } staff;
    struct {
        const char *level; /* debug info warn error */
        bool access;       /* one line a request */
    } log;
};

#endif
