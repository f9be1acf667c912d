/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/config_table.h"

#include "idp/base/settings.h"

#define DAY_S 86400

/* clang-format off */
#define TEXT(section, key, text, help) \
    { #section, #key, SETTING_TEXT, offsetof(struct settings, section.key), 0, 0, text, 0, help },
#define SECRET(section, key, help) \
    { #section, #key, SETTING_SECRET, offsetof(struct settings, section.key), 0, 0, "", 0, help },
#define NUMBER(section, key, min, max, number, help) \
    { #section, #key, SETTING_NUMBER, offsetof(struct settings, section.key), min, max, "", number, help },
#define SECONDS(section, key, min, max, number, help) \
    { #section, #key, SETTING_SECONDS, offsetof(struct settings, section.key), min, max, "", number, help },
#define SWITCH(section, key, number, help) \
    { #section, #key, SETTING_SWITCH, offsetof(struct settings, section.key), 0, 1, "", number, help },

const struct setting config_table[] = {
    TEXT(server, issuer, NULL, "The address under which everybody knows this service; every link is built from it. https, or http for a loopback host.")
    TEXT(server, listen, "127.0.0.1:9080", "Address and port of the public listener.")
    TEXT(server, admin_listen, "127.0.0.1:9089", "Address and port of the admin listener; empty for none.")
    TEXT(server, tls_certificate_file, "", "PEM certificate chain of the public listener; empty where a proxy ends TLS.")
    TEXT(server, tls_key_file, "", "PEM private key that belongs to the certificate.")
    TEXT(server, trusted_proxies, "", "Addresses, separated by spaces, whose X-Forwarded-For is believed.")
    NUMBER(server, epoll_threads, 1, 64, 2, "Threads that read and write connections.")
    NUMBER(server, workers, 1, 1024, 16, "Threads that do the work of requests that wait for something.")
    NUMBER(server, connection_limit, 16, 1000000, 4096, "Connections at one time; more wait in the kernel.")
    NUMBER(server, connections_per_address, 1, 1000000, 256, "Connections of one IPv4 address or IPv6 /64 at one time, never more than a quarter of connection_limit; trusted_proxies are exempt.")
    TEXT(server, admin_hosts, "", "Names, separated by spaces, by which the admin listener is asked besides admin_listen, localhost, 127.0.0.1 and [::1].")
    SECONDS(server, request_deadline_s, 1, 300, 30, "A request that takes longer is answered 503.")
    SECONDS(server, header_deadline_s, 1, 300, 15, "A client that has not sent its whole request by then is cut.")
    SECONDS(server, drain_deadline_s, 1, 600, 20, "How long work under way may take after the signal to end.")
    TEXT(store, url, "sqlite:/var/lib/tongxing/tongxing.db", "sqlite:PATH or postgresql://…")
    SECONDS(store, statement_timeout_s, 1, 300, 5, "PostgreSQL: a statement that takes longer is given up; never longer than server.request_deadline_s.")
    SECONDS(store, connect_timeout_s, 1, 60, 3, "PostgreSQL: how long each host of the URL is waited for.")
    TEXT(keys, encryption_key_file, "/var/lib/tongxing/encryption.key", "The key that opens all others: 64 hexadecimal digits in a file of mode 0600.")
    SECONDS(keys, rotation_s, 3600, 400 * DAY_S, 90 * DAY_S, "A new signing key is announced this often.")
    SECONDS(keys, announce_s, 60, 30 * DAY_S, DAY_S, "A new signing key is announced so long before it signs.")
    SECONDS(life, transaction_s, 60, 3600, 1800, "A login under way.")
    SECONDS(life, code_s, 10, 600, 60, "An authorization code.")
    SECONDS(life, access_token_s, 30, 3600, 300, "An access token.")
    SECONDS(life, id_token_s, 30, DAY_S, 300, "An ID token.")
    SECONDS(life, grant_s, 3600, 400 * DAY_S, 30 * DAY_S, "A refresh token's whole family, from the login on.")
    SECONDS(life, session_idle_s, 60, 30 * DAY_S, 1800, "A session that nobody uses.")
    SECONDS(life, session_absolute_s, 300, 90 * DAY_S, 43200, "A session, however much it is used.")
    TEXT(bank, url, "", "Gateway of the bank network, with /gateway/api/ at its end; empty: no bank checks.")
    TEXT(bank, merchant_id, "", "Our number at the bank network.")
    TEXT(bank, biz_type, "000000", "Business type sent with each check.")
    TEXT(bank, certificate_file, "", "PEM: our signing certificate.")
    TEXT(bank, key_file, "", "PEM: the private key of our signing certificate.")
    TEXT(bank, root_file, "", "PEM: the authority at the root of the network's certificate.")
    TEXT(bank, middle_file, "", "PEM: the authority between root and certificate.")
    SWITCH(bank, test_network, 0, "Also accept the test network's certificate name.")
    NUMBER(bank, max_in_flight, 1, 1024, 32, "Checks at one time; more are refused at once.")
    SECONDS(bank, deadline_s, 1, 60, 10, "How long the network may take to answer.")
    TEXT(sms, url, "", "Gateway for short messages; empty: none are sent.")
    TEXT(sms, access_key_id, "", "Our name at the gateway.")
    SECRET(sms, access_key_secret, "Our secret at the gateway.")
    TEXT(sms, sign_name, "", "Signature shown in each message.")
    TEXT(sms, template_code, "", "Template of the message with a code.")
    NUMBER(sms, max_in_flight, 1, 1024, 32, "Messages at one time; more are refused at once.")
    SECONDS(sms, deadline_s, 1, 60, 5, "How long the gateway may take to answer.")
    SWITCH(outbound, allow_loopback, 0, "Partners may be on this machine and speak plain http. For demo and tests only.")
    TEXT(outbound, ca_file, "", "PEM: authorities trusted for outbound TLS besides the system's.")
    TEXT(log, level, "info", "debug, info, warn or error.")
    SWITCH(log, access, 1, "Write one line for each request.")
};
/* clang-format on */

const size_t config_table_count = sizeof(config_table) / sizeof(config_table[0]);

_Static_assert(sizeof(config_table) / sizeof(config_table[0]) <= CONFIG_TABLE_MAX,
               "raise CONFIG_TABLE_MAX");
