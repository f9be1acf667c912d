/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/config/config_table.h"

#include <string.h>

#include "idp/base/pack.h"
#include "idp/base/text.h"

#define DAY_S 86400

/* clang-format off */
#define ROW(kind, section, key, min, max, text, number, help, live) \
    { #section, #key, kind, live, offsetof(struct settings, section.key), min, max, text, number, help },
#define OF_TEXT(kind, section, key, text, help) ROW(kind, section, key, 0, 0, text, 0, help, false)
#define TEXT(section, key, text, help) OF_TEXT(SETTING_TEXT, section, key, text, help)
#define NAME(section, key, text, help) OF_TEXT(SETTING_NAME, section, key, text, help)
#define PATH(section, key, text, help) OF_TEXT(SETTING_PATH, section, key, text, help)
#define PAGE(section, key, help) OF_TEXT(SETTING_PAGE, section, key, "", help)
#define GATEWAY(section, key, help) OF_TEXT(SETTING_GATEWAY, section, key, "", help)
#define SECRET(section, key, help) OF_TEXT(SETTING_SECRET, section, key, "", help)
#define NUMBER(section, key, min, max, number, help) ROW(SETTING_NUMBER, section, key, min, max, "", number, help, false)
#define SECONDS(section, key, min, max, number, help) ROW(SETTING_SECONDS, section, key, min, max, "", number, help, false)
#define SWITCH(section, key, number, help) ROW(SETTING_SWITCH, section, key, 0, 1, "", number, help, false)
#define LIVE_PATH(section, key, help) ROW(SETTING_PATH, section, key, 0, 0, "", 0, help, true)
#define LIVE_NUMBER(section, key, min, max, number, help) ROW(SETTING_NUMBER, section, key, min, max, "", number, help, true)
#define LIVE_SECONDS(section, key, min, max, number, help) ROW(SETTING_SECONDS, section, key, min, max, "", number, help, true)
#define LIVE_SWITCH(section, key, number, help) ROW(SETTING_SWITCH, section, key, 0, 1, "", number, help, true)

const struct setting config_table[] = {
    OF_TEXT(SETTING_ISSUER, server, issuer, NULL, "The address under which everybody knows this service; every link is built from it. https, or http for a loopback host; host in lower case, no default port, no slash at the end. It may have a path: everything is then under it.")
    OF_TEXT(SETTING_LISTEN, server, listen, "127.0.0.1:9080", "Addresses and ports of the public listener, separated by spaces: 10.0.0.11:9443 [2001:db8::11]:9443. An IPv6 address alone takes IPv4 too, as far as the machine does; beside an IPv4 address it does not.")
    OF_TEXT(SETTING_LISTEN, server, admin_listen, "127.0.0.1:9089", "The same for the admin listener; empty for none.")
    PATH(server, control_socket, "", "The unix socket by which commands reach the service while it runs. Left out: beside the SQLite file, FILE.socket; none on PostgreSQL, which commands reach by themselves.")
    LIVE_PATH(server, tls_certificate_file, "PEM certificate chain of the public listener; empty where a proxy ends TLS.")
    LIVE_PATH(server, tls_key_file, "PEM private key that belongs to the certificate.")
    OF_TEXT(SETTING_NETWORKS, server, trusted_proxies, "", "Addresses and networks (10.0.0.0/8, 2001:db8::/32), separated by spaces, whose X-Forwarded-For is believed.")
    NUMBER(server, epoll_threads, 1, 64, 2, "Threads that read and write connections.")
    NUMBER(server, workers, 1, 1024, 16, "Threads that do the work of requests that wait for something.")
    NUMBER(server, connection_limit, 16, 1000000, 4096, "Connections at one time; more wait in the kernel.")
    NUMBER(server, connections_per_address, 1, 1000000, 256, "Connections of one IPv4 address or IPv6 /64 at one time, never more than a quarter of connection_limit; trusted_proxies are exempt.")
    OF_TEXT(SETTING_HOSTS, server, admin_hosts, "", "Names, separated by spaces, by which the admin listener is asked besides admin_listen, localhost, 127.0.0.1 and [::1].")
    SECONDS(server, request_deadline_s, 1, 300, 30, "A request that takes longer is answered 503.")
    SECONDS(server, header_deadline_s, 1, 300, 15, "A client that has not sent its whole request by then is cut.")
    SECONDS(server, drain_deadline_s, 1, 600, 20, "How long work under way may take after the signal to end.")
    OF_TEXT(SETTING_STORE, store, url, "sqlite:/var/lib/tongxing/tongxing.db", "sqlite:PATH or postgresql://…")
    SECONDS(store, statement_timeout_s, 1, 300, 5, "PostgreSQL: a statement that takes longer is given up; never longer than server.request_deadline_s.")
    SECONDS(store, connect_timeout_s, 1, 60, 3, "PostgreSQL: how long each host of the URL is waited for.")
    PATH(keys, encryption_key_file, "/var/lib/tongxing/encryption.key", "The key that opens all others: 64 hexadecimal digits in a file of mode 0600.")
    SECONDS(keys, rotation_s, 3600, 400 * DAY_S, 90 * DAY_S, "A new signing key is announced this often.")
    SECONDS(keys, announce_s, 60, 30 * DAY_S, DAY_S, "A new signing key is announced so long before it signs.")
    SWITCH(upgrade, numbered_revocations, 1, "Revocations are also written as nodes of the version before read them. Off when there are none of them and none shall come back: then those who revoke do not wait for each other.")
    NUMBER(upgrade, sealed_layout, PACK_LAYOUT - 1, PACK_LAYOUT, PACK_LAYOUT, "The layout in which tokens, codes and logins under way are sealed. The one before while nodes of the version before serve; both are always read. Leave it out for the newest.")
    SECONDS(life, transaction_s, 60, 3600, 1800, "A login under way. More time may be asked for on its pages, ten times over.")
    SECONDS(life, code_s, 10, 600, 60, "An authorization code.")
    SECONDS(life, access_token_s, 30, 3600, 300, "An access token.")
    SECONDS(life, id_token_s, 30, DAY_S, 300, "An ID token.")
    SECONDS(life, grant_s, 3600, 400 * DAY_S, 30 * DAY_S, "A refresh token's whole family, from the login on.")
    SECONDS(life, session_idle_s, 60, 30 * DAY_S, 1800, "A session that nobody uses.")
    SECONDS(life, session_absolute_s, 300, 90 * DAY_S, 43200, "A session, however much it is used.")
    SECONDS(life, device_s, DAY_S, 400 * DAY_S, 180 * DAY_S, "A browser is known for so long after a login: strangers' failures and requests do not count against the person there.")
    SECONDS(life, phone_s, DAY_S, 400 * DAY_S, 90 * DAY_S, "A phone number is hers for so long after she proved it. Then it may have a new owner, as operators give numbers away again: a code sent to it logs nobody in by itself, unless the browser is known, and its new owner may prove it.")
    SWITCH(life, public_refresh_retry, 1, "A public partner may repeat its last refresh within 10 s, as one that proves itself always may: two tabs at once, or an answer that got lost, log nobody out. Off: the repeat ends the family.")
    LIVE_NUMBER(limits, password_tries, 1, 100, 5, "Wrong passwords for one number from one network or known browser; then each further try must wait.")
    LIVE_NUMBER(limits, password_tries_phone, 1, 1000, 20, "Wrong passwords for one number from everywhere but known browsers; then each further try must wait.")
    LIVE_SECONDS(limits, password_window_s, 600, 7 * DAY_S, DAY_S, "Wrong passwords for one number are forgotten so long after the first, or with the right one.")
    LIVE_SECONDS(limits, password_wait_s, 1, 3600, 120, "The first wait; each further wrong password doubles it.")
    LIVE_SECONDS(limits, password_wait_most_s, 1, 3600, 900, "The longest wait.")
    LIVE_NUMBER(limits, password_tries_address, 10, 1000000, 1000, "Wrong passwords from one network (an IPv4 address, an IPv6 /64) within password_address_window_s. A mobile network puts thousands behind one address.")
    LIVE_SECONDS(limits, password_address_window_s, 60, DAY_S, 600, "The time in which password_tries_address counts.")
    LIVE_NUMBER(limits, codes_minute, 1, 60, 1, "Codes to one number a minute, for one network or known browser.")
    LIVE_NUMBER(limits, codes_hour, 1, 100, 5, "Codes to one number an hour, for one network or known browser.")
    LIVE_NUMBER(limits, codes_day, 1, 100, 10, "Codes to one number a day, for one network or known browser.")
    LIVE_NUMBER(limits, codes_strangers_free, 1, 100, 15, "Codes to one number a day from everywhere but known browsers; then each further one must wait.")
    LIVE_NUMBER(limits, codes_strangers_day, 1, 100, 20, "Codes to one number a day from everywhere but known browsers in all; what is left of codes_phone_day is kept for known ones.")
    LIVE_SECONDS(limits, codes_wait_s, 1, 3600, 120, "The first wait for a code; each further one doubles it.")
    LIVE_SECONDS(limits, codes_wait_most_s, 1, DAY_S, 3600, "The longest wait for a code.")
    LIVE_NUMBER(limits, codes_phone_day, 1, 100, 30, "Codes to one number a day, whoever asks: nobody is flooded with messages.")
    LIVE_NUMBER(limits, codes_address, 1, 1000000, 300, "Codes for one network (an IPv4 address, an IPv6 /64) within codes_address_window_s; known browsers are not counted here and below.")
    LIVE_NUMBER(limits, codes_prefix, 1, 1000000, 2000, "Codes for one prefix (an IPv4 /24, an IPv6 /48) within codes_address_window_s. Reaching it is logged as an error.")
    LIVE_SECONDS(limits, codes_address_window_s, 60, DAY_S, 300, "The time in which codes_address and codes_prefix count.")
    LIVE_NUMBER(limits, codes_all_minute, 8, 10000000, 20000, "Codes a minute in all, over all nodes, give or take some hundredths. Reaching it is logged as an error.")
    LIVE_NUMBER(limits, codes_all_day, 8, 1000000000, 5000000, "Codes a day in all, over all nodes. Reaching it is logged as an error.")
    LIVE_NUMBER(limits, bank_person_day, 1, 100, 3, "Bank checks a day for one identity number.")
    LIVE_NUMBER(limits, bank_card_day, 1, 100, 5, "Bank checks a day for one card.")
    LIVE_NUMBER(limits, client_failures, 1, 10000, 20, "Failed authentications a minute of one partner, or from one network for partners that do not exist; right credentials always pass.")
    LIVE_NUMBER(limits, card_tries, 1, 100, 3, "Wrong PINs for one social-security card; then each further try must wait.")
    LIVE_SECONDS(limits, card_window_s, 600, 7 * DAY_S, DAY_S, "Wrong PINs for one card are forgotten so long after the first, or with the right one.")
    LIVE_SECONDS(limits, card_wait_s, 1, 3600, 300, "The first wait for a card; each further wrong PIN doubles it.")
    LIVE_SECONDS(limits, card_wait_most_s, 1, 3600, 3600, "The longest wait for a card.")
    LIVE_NUMBER(limits, card_tries_terminal, 1, 10000, 30, "Wrong PINs at one terminal within card_terminal_window_s, whoever's cards they are.")
    LIVE_SECONDS(limits, card_terminal_window_s, 60, DAY_S, 600, "The time in which card_tries_terminal counts.")
    LIVE_NUMBER(limits, devices_address, 1, 1000000, 300, "Devices of one partner that begin to wait for a person within ten minutes, from one network (an IPv4 address, an IPv6 /64). A hall of terminals stands behind one address.")
    LIVE_NUMBER(limits, devices_partner, 1, 10000000, 50000, "The same from everywhere: so many rows a partner can make.")
    LIVE_NUMBER(limits, user_codes, 1, 1000, 20, "Codes that name no device, typed within ten minutes in one session.")
    LIVE_NUMBER(limits, user_codes_address, 1, 1000000, 20, "The same from one network.")
    LIVE_NUMBER(limits, prompts, 1, 1000, 3, "Approvals that partners may ask of one person within five minutes and that she has not answered.")
    LIVE_NUMBER(limits, card_password_tries, 1, 20, 5, "Wrong passwords of one electronic card, in all channels together; then nothing is evaluated until it is set anew or the time is over.")
    LIVE_SECONDS(limits, card_password_window_s, 600, 30 * DAY_S, DAY_S, "Wrong passwords of an electronic card are forgotten so long after the first, or with the right one.")
    LIVE_NUMBER(limits, replies, 1, 100, 5, "Answers to text messages from one number within ten minutes that fit no question.")
    LIVE_SECONDS(audit, keep_refusals_s, 180 * DAY_S, 3650 * DAY_S, 180 * DAY_S, "Audit records of refusals leave after this; the law asks for six months.")
    LIVE_SECONDS(audit, keep_changes_s, 0, 18250 * DAY_S, 0, "Audit records of changes leave after this; 0: never.")
    LIVE_NUMBER(audit, rows_a_minute, 1, 100000, 120, "Audit records a minute of refusals that name nobody, on each node; more are only counted.")
    GATEWAY(bank, url, "Gateway of the bank network, with /gateway/api/ at its end; empty: no bank checks.")
    NAME(bank, merchant_id, "", "Our number at the bank network.")
    NAME(bank, biz_type, "000000", "Business type sent with each check.")
    PATH(bank, certificate_file, "", "PEM: our signing certificate.")
    PATH(bank, key_file, "", "PEM: the private key of our signing certificate.")
    PATH(bank, root_file, "", "PEM: the authority at the root of the network's certificate.")
    PATH(bank, middle_file, "", "PEM: the authority between root and certificate.")
    SWITCH(bank, test_network, 0, "Also accept the test network's certificate name.")
    NUMBER(bank, max_in_flight, 1, 1024, 32, "Checks at one time; more are refused at once.")
    SECONDS(bank, deadline_s, 1, 60, 10, "How long the network may take to answer.")
    GATEWAY(sms, url, "Gateway for short messages; empty: none are sent, and logging in by one is not offered.")
    NAME(sms, access_key_id, "", "Our name at the gateway.")
    SECRET(sms, access_key_secret, "Our secret at the gateway.")
    TEXT(sms, sign_name, "", "Signature shown in each message.")
    NAME(sms, template_code, "", "Template of the message with a code, for each purpose that has none of its own below. Its variable for the code is called code.")
    NAME(sms, template_code_register, "", "Template of the message with the code to register.")
    NAME(sms, template_code_login, "", "Template of the message with the code to log in.")
    NAME(sms, template_code_bank, "", "Template of the message with the code that proves the number kept at the bank.")
    NAME(sms, template_code_recover, "", "Template of the message with the code to get back into an account.")
    NAME(sms, template_code_notice, "", "Template of the message that tells a person that her password or phone number was changed, with the variables what and time; empty: none is sent.")
    NAME(sms, template_code_alarm, "", "Template of the message that tells a person that she is asked again and again to approve something, with the variables what and time; empty: none is sent.")
    NAME(sms, template_code_act, "", "Template of the message that tells a person that a member of staff at a counter acts for her, with the variables place, what (the business) and time; empty: none is sent.")
    NAME(sms, template_code_link, "", "Template of the message with a link to what a partner asks a person to approve. Its variable link is the last part of the address, so it must say ISSUER/approve?l=${link}; what is the partner's message. Empty: no links are sent, and approvals wait on the page alone.")
    NAME(sms, template_code_reply, "", "Template of the message that asks a person to answer with a number, with the variables number and what; empty: none is sent. It needs callback_secret.")
    NAME(sms, template_code_lost, "", "Template of the message with a link by which a card is reported lost without a login. Its variable link is the last part of the address, so it must say ISSUER/card/lost/confirm?l=${link}; what is what it is for. Empty: none is sent, and that page is not offered.")
    NAME(sms, template_code_reset, "", "Template of the message with a link by which a person chooses her password after a member of staff has seen her. Its variable link is the last part of the address, so it must say ISSUER/account/reset?l=${link}; what is what it is for. Empty: none is sent.")
    SECRET(sms, callback_secret, "The secret by which the gateway signs the answers that it hands on to ISSUER/sms/uplink.")
    TEXT(sms, template_partner, "", "The variable of these templates that takes the name of the application the person came from, at most 20 characters; sign_name where there is none. Empty: they have no such variable.")
    NUMBER(sms, max_in_flight, 1, 1024, 32, "Messages at one time; more are refused at once.")
    SECONDS(sms, deadline_s, 1, 60, 5, "How long the gateway may take to answer.")
    OF_TEXT(SETTING_TEXT, card, loss_days, "310000:5 610100:7 420100:7 *:15", "After how many days a provisional loss of a card lapses by itself, by the region that issued it: REGION:DAYS, separated by spaces. 310000 stands for a province, 610100 for a city; * stands for all others.")
    GATEWAY(card_bureau, url, "Address of the card office, with a slash at its end; empty: nobody logs in by card and PIN.")
    NAME(card_bureau, app_id, "", "Our name at the card office.")
    SECRET(card_bureau, secret, "Our secret at the card office, 32 characters at least: both sides sign by it, and PINs are sealed by it.")
    NUMBER(card_bureau, max_in_flight, 1, 1024, 32, "Questions to it at one time; more are refused at once.")
    SECONDS(card_bureau, deadline_s, 1, 60, 5, "How long it may take to answer.")
    OF_TEXT(SETTING_CODE_ALG, card, code_alg, "ES256", "What card codes are signed by: ES256, or SGD_SM3_SM2, which is SM2 with SM3 and the signer's name 1234567812345678. Its key is made by the running service, and stands in ISSUER/card/jwks alone.")
    ROW(SETTING_FAMILY, card, family_limits, 0, 0, "elder:4 child:3 spouse:1 other:2", 0, "How many members of her family a person may show the electronic cards of, by what they are to her: elder, child, spouse, other, each up to 20. One that is left out is 0.", true)
    NAME(wechat, official_appid, "", "AppID of our WeChat official account; empty: logging in inside WeChat is not offered, and there is no JS-SDK signature.")
    SECRET(wechat, official_secret, "AppSecret of the official account.")
    NAME(wechat, open_appid, "", "AppID of our website application at the WeChat open platform; empty: logging in by WeChat on other pages is not offered.")
    SECRET(wechat, open_secret, "AppSecret of the website application.")
    NAME(wechat, mini_appid, "", "AppID of the WeChat mini program; empty: its grant type is not offered.")
    SECRET(wechat, mini_secret, "AppSecret of the mini program.")
    OF_TEXT(SETTING_GATEWAY, wechat, api_url, "https://api.weixin.qq.com", "Where we ask WeChat, without a slash at the end.")
    OF_TEXT(SETTING_GATEWAY, wechat, page_url, "https://open.weixin.qq.com", "Where WeChat asks the person, without a slash at the end.")
    NUMBER(wechat, max_in_flight, 1, 1024, 32, "Questions to WeChat at one time; more are refused at once.")
    SECONDS(wechat, deadline_s, 1, 60, 5, "How long WeChat may take to answer.")
    OF_TEXT(SETTING_DIRECTORY, directory, urls, "", "Servers of the directory of staff, separated by spaces, in the order in which they are asked: ldaps://HOST, or ldap://HOST for StartTLS, which then must succeed; empty: no staff sign in.")
    PATH(directory, ca_file, "", "PEM certificates of who has issued the directory's: nobody else is believed, the system's authorities neither.")
    TEXT(directory, bind_dn, "", "Distinguished name of our own account there, which may search and read and nothing else.")
    SECRET(directory, bind_password, "Password of that account.")
    TEXT(directory, base, "", "Distinguished name under which all staff stand.")
    OF_TEXT(SETTING_FILTER, directory, filter, "(objectClass=person)", "Who is looked for, in RFC 4515: whoever it leaves out cannot sign in, and is signed out.")
    NAME(directory, login_attribute, "uid", "Attribute with the name by which staff sign in; it must have one value.")
    NAME(directory, name_attribute, "cn", "Attribute with the name of a staff member.")
    NAME(directory, identity_attribute, "employeeNumber", "Attribute with the identity number of a staff member, by which nobody works on her own record.")
    NAME(directory, group_attribute, "memberOf", "Attribute with the distinguished names of the groups of a staff member.")
    NUMBER(directory, max_in_flight, 1, 256, 32, "Questions to the directory at one time; more are refused at once.")
    SECONDS(directory, deadline_s, 1, 20, 3, "How long each step may take: to connect, to bind, to search; three times that for the whole, with all servers that are tried.")
    SECONDS(directory, stale_s, 120, 43200, 3600, "A staff member whom the directory has not confirmed for so long, because it does not answer, is signed out.")
    SWITCH(outbound, allow_loopback, 0, "Partners may be on this machine and speak plain http. For demo and tests only.")
    PATH(outbound, ca_file, "", "PEM: authorities trusted for outbound TLS besides the system's.")
    SWITCH(dpop, nonce, 0, "DPoP proofs must hold a nonce of ours, a few minutes old at most (RFC 9449, 8): then nobody can make them beforehand. Costs a partner one request more now and then.")
    SWITCH(errors, explain, 0, "Token and authorization errors say which check failed, and a card code that is shown is told as text too. For sandboxes and the demo only: whoever guesses learns which guess was right.")
    PAGE(discovery, service_documentation, "Address of the guide for partners, told by discovery; empty: not told. So the next two.")
    PAGE(discovery, op_policy_uri, "Address of what partners may do with the data of persons.")
    PAGE(discovery, op_tos_uri, "Address of the terms of service for partners.")
    SWITCH(tests, approval_hook, 0, "ISSUER/tests/approve approves or refuses whatever a partner has asked for, in the name of the person, without her: for conformance suites. Only under a loopback issuer.")
    OF_TEXT(SETTING_LISTEN, staff, listen, "", "Addresses and ports of the listener at which staff work, as server.listen; empty: there is none, and staff pages are nowhere.")
    OF_TEXT(SETTING_ORIGIN, staff, url, "", "The address under which staff browsers know that listener: scheme, host and port, without a path. https as the issuer, or http for a loopback host.")
    LIVE_PATH(staff, tls_certificate_file, "PEM certificate chain of the staff listener. It ends TLS itself, and X-Forwarded-For is not believed there.")
    LIVE_PATH(staff, tls_key_file, "PEM private key that belongs to the certificate.")
    PATH(staff, client_ca_file, "", "PEM: the authorities whose certificates the computers and keys of staff have. Then browsers are asked for one, and one of anybody else ends the handshake. Empty: none is asked for.")
    OF_TEXT(SETTING_NETWORKS, staff, networks, "", "Addresses and networks, separated by spaces, from which staff may come; everybody else is refused. Empty: from everywhere.")
    PATH(staff, groups_file, "", "JSON: which groups of the directory stand for which role, agency and region.")
    ROW(SETTING_LEVEL, log, level, 0, 0, "info", 0, "How much is written: the lines of this level and of those behind it.", true)
    LIVE_SWITCH(log, access, 1, "Write one line for each request.")
};
/* clang-format on */

const size_t config_table_count = sizeof(config_table) / sizeof(config_table[0]);

_Static_assert(sizeof(config_table) / sizeof(config_table[0]) <= CONFIG_TABLE_MAX,
               "raise CONFIG_TABLE_MAX");

/* --- Finding and filling --- */

const struct setting *
config_setting(const char *section, const char *key)
{
    for (size_t i = 0; i < config_table_count; i++) {
        if (text_eq(config_table[i].section, section) && text_eq(config_table[i].key, key))
            return &config_table[i];
    }
    return NULL;
}

const struct setting *
config_setting_at(size_t offset)
{
    size_t i = 0;

    while (config_table[i].offset != offset)
        i++;
    return &config_table[i];
}

bool
config_has_section(const char *section)
{
    for (size_t i = 0; i < config_table_count; i++) {
        if (text_eq(config_table[i].section, section))
            return true;
    }
    return false;
}

bool
setting_is_text(const struct setting *setting)
{
    return setting->kind != SETTING_NUMBER && setting->kind != SETTING_SECONDS &&
           setting->kind != SETTING_SWITCH;
}

const char *
setting_text(const struct settings *settings, const struct setting *setting)
{
    const char *text;

    memcpy(&text, (const char *)settings + setting->offset, sizeof(text));
    return text;
}

int64_t
setting_number(const struct settings *settings, const struct setting *setting)
{
    const char *at = (const char *)settings + setting->offset;
    int64_t number;
    bool on;

    if (setting->kind == SETTING_SWITCH) {
        memcpy(&on, at, sizeof(on));
        return on;
    }
    memcpy(&number, at, sizeof(number));
    return number;
}

void
setting_put_text(struct settings *settings, const struct setting *setting, const char *text)
{
    memcpy((char *)settings + setting->offset, &text, sizeof(text));
}

void
setting_put_number(struct settings *settings, const struct setting *setting, int64_t number)
{
    char *at = (char *)settings + setting->offset;
    bool on = number != 0;

    if (setting->kind == SETTING_SWITCH)
        memcpy(at, &on, sizeof(on));
    else
        memcpy(at, &number, sizeof(number));
}
