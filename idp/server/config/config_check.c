/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/config/config_check.h"

#include <string.h>
#include <sys/un.h>

#include "idp/base/text.h"
#include "idp/server/config/config_staff.h"
#include "idp/server/config/issuer.h"
#include "idp/server/engine/listen.h"
#include "policies/loss_days.h"
#include "policies/message.h"

#define AT(member) SETTING_AT(member)
#define CARD_BUREAU_SECRET_MIN 32

/* Of settings that are wrong by themselves nothing more is said. */
static bool
is_sound(struct config_reading *reading, size_t offset)
{
    return !reading_place(reading, config_setting_at(offset))->wrong;
}

static void
fault_at(struct config_reading *reading, size_t offset, const char *sentence, const char *advice)
{
    reading_fault_of(reading, config_setting_at(offset), sentence, advice);
}

/* --- The issuer and who listens --- */

static void
issuer_check_scheme(struct config_reading *reading)
{
    const struct settings *settings = reading->out;

    if (!settings->server.issuer_is_https && !origin_is_loopback(settings->server.issuer))
        fault_at(reading, AT(server.issuer),
                 "server.issuer must be https: plain http is for a loopback host only.",
                 "Write https://, and give a certificate here or at a proxy on this machine.");
}

/* Plain http carries an https issuer's secrets only from a proxy on this machine. */
static void
plain_check(struct config_reading *reading)
{
    const struct settings *settings = reading->out;

    if (!is_sound(reading, AT(server.listen)) || !is_sound(reading, AT(server.trusted_proxies)) ||
        (listen_is_loopback(settings->server.listen) && *settings->server.trusted_proxies != '\0'))
        return;
    fault_at(reading, AT(server.listen), "server.listen speaks plain http under an https issuer.",
             "Give tls_certificate_file and tls_key_file, or listen on loopback behind a proxy "
             "named in trusted_proxies.");
}

static void
tls_check(struct config_reading *reading)
{
    const struct settings *settings = reading->out;
    bool has_certificate = *settings->server.tls_certificate_file != '\0';
    bool has_key = *settings->server.tls_key_file != '\0';

    if (has_certificate != has_key)
        fault_at(reading,
                 has_certificate ? AT(server.tls_certificate_file) : AT(server.tls_key_file),
                 "server.tls_certificate_file and server.tls_key_file belong together.",
                 has_certificate ? "Set server.tls_key_file too."
                                 : "Set server.tls_certificate_file too.");
    else if (is_sound(reading, AT(server.issuer)) && has_certificate &&
             !settings->server.issuer_is_https)
        fault_at(reading, AT(server.tls_certificate_file),
                 "The listener speaks TLS, but server.issuer begins with http://.",
                 "Write the issuer with https://, or take certificate and key out.");
    else if (is_sound(reading, AT(server.issuer)) && !has_certificate &&
             settings->server.issuer_is_https)
        plain_check(reading);
}

/* `one` must not name what `other` names. */
static void
apart_check(struct config_reading *reading, size_t one, size_t other, const char *advice)
{
    const struct setting *setting = config_setting_at(one);
    const struct setting *against = config_setting_at(other);
    const char *cursor = setting_text(reading->out, setting);
    const char *word;
    size_t size;

    while ((word = text_next_word(&cursor, &size)) != NULL) {
        const char *address = arena_copy(reading->arena, word, size);

        if (!text_ends(address, ":0") &&
            text_list_has(setting_text(reading->out, against), address))
            fault_at(reading, one,
                     arena_printf(reading->arena, "%s and %s both name %s.",
                                  reading_name(reading, setting), reading_name(reading, against),
                                  address),
                     advice);
    }
}

static void
listeners_check(struct config_reading *reading)
{
    static const char staff[] = "Give the staff listener a port of its own.";

    apart_check(reading, AT(server.admin_listen), AT(server.listen),
                "Give the admin listener a port of its own, which only operators reach.");
    apart_check(reading, AT(staff.listen), AT(server.listen), staff);
    apart_check(reading, AT(staff.listen), AT(server.admin_listen), staff);
}

static void
socket_check(struct config_reading *reading)
{
    size_t room = sizeof(((struct sockaddr_un *)NULL)->sun_path);

    if (strlen(reading->out->server.control_socket) >= room)
        fault_at(reading, AT(server.control_socket),
                 "server.control_socket is longer than the 107 bytes of a socket's address.",
                 "Choose a shorter path, such as /run/tongxing/control.");
}

/* --- Order --- */

/* The first must not be more than the second. */
static const struct {
    size_t less;
    size_t more;
    bool strictly;
} orders[] = {
    { AT(keys.announce_s), AT(keys.rotation_s), true },
    { AT(life.session_idle_s), AT(life.session_absolute_s), false },
    { AT(limits.password_wait_s), AT(limits.password_wait_most_s), false },
    { AT(limits.codes_wait_s), AT(limits.codes_wait_most_s), false },
    { AT(limits.card_wait_s), AT(limits.card_wait_most_s), false },
    { AT(limits.codes_hour), AT(limits.codes_day), false },
    { AT(limits.codes_strangers_free), AT(limits.codes_strangers_day), false },
    { AT(limits.codes_strangers_day), AT(limits.codes_phone_day), false },
    { AT(limits.codes_address), AT(limits.codes_prefix), false },
    { AT(limits.codes_all_minute), AT(limits.codes_all_day), false },
};

static const char *
order_sentence(struct config_reading *reading, size_t i)
{
    const struct setting *less = config_setting_at(orders[i].less);
    const char *first = reading_name(reading, less);
    const char *second = reading_name(reading, config_setting_at(orders[i].more));

    if (orders[i].strictly)
        return arena_printf(reading->arena, "%s must be shorter than %s.", first, second);
    return arena_printf(reading->arena, "%s must not be %s than %s.", first,
                        less->kind == SETTING_SECONDS ? "longer" : "greater", second);
}

/* Told where the file says it: defaults fit each other. */
static size_t
order_place(struct config_reading *reading, size_t i)
{
    int less = reading_place(reading, config_setting_at(orders[i].less))->line;
    int more = reading_place(reading, config_setting_at(orders[i].more))->line;

    return less >= more ? orders[i].less : orders[i].more;
}

static void
order_check(struct config_reading *reading, size_t i)
{
    int64_t less = setting_number(reading->out, config_setting_at(orders[i].less));
    int64_t more = setting_number(reading->out, config_setting_at(orders[i].more));

    if (less < more || (less == more && !orders[i].strictly) ||
        !is_sound(reading, orders[i].less) || !is_sound(reading, orders[i].more))
        return;
    reading_fault(reading, reading_place(reading, config_setting_at(order_place(reading, i)))->line,
                  order_sentence(reading, i),
                  arena_printf(reading->arena, "They are %lld and %lld: change one of them.",
                               (long long)less, (long long)more));
}

static void
keep_check(struct config_reading *reading)
{
    const struct settings *settings = reading->out;

    if (settings->audit.keep_changes_s != 0 &&
        settings->audit.keep_changes_s < settings->audit.keep_refusals_s)
        fault_at(reading, AT(audit.keep_changes_s),
                 "audit.keep_changes_s must be 0 or not shorter than audit.keep_refusals_s.",
                 arena_printf(reading->arena, "Write 0, or %lld at least.",
                              (long long)settings->audit.keep_refusals_s));
}

/* --- What has no effect, and what is missing --- */

/* The first means something only with the second; `must`: and is missing there. */
static const struct {
    size_t setting;
    size_t needs;
    bool must;
} dependents[] = {
    { AT(server.admin_hosts), AT(server.admin_listen), false },
    { AT(staff.url), AT(staff.listen), true },
    { AT(staff.tls_certificate_file), AT(staff.listen), false },
    { AT(staff.tls_key_file), AT(staff.tls_certificate_file), true },
    { AT(staff.client_ca_file), AT(staff.tls_certificate_file), false },
    { AT(staff.networks), AT(staff.listen), false },
    { AT(staff.groups_file), AT(staff.listen), false },
    { AT(bank.merchant_id), AT(bank.url), true },
    { AT(bank.biz_type), AT(bank.url), false },
    { AT(bank.certificate_file), AT(bank.url), true },
    { AT(bank.key_file), AT(bank.url), true },
    { AT(bank.root_file), AT(bank.url), true },
    { AT(bank.middle_file), AT(bank.url), true },
    { AT(bank.test_network), AT(bank.url), false },
    { AT(bank.max_in_flight), AT(bank.url), false },
    { AT(bank.deadline_s), AT(bank.url), false },
    { AT(sms.access_key_id), AT(sms.url), true },
    { AT(sms.access_key_secret), AT(sms.url), true },
    { AT(sms.sign_name), AT(sms.url), true },
    { AT(sms.template_code), AT(sms.url), false },
    { AT(sms.template_code_register), AT(sms.url), false },
    { AT(sms.template_code_login), AT(sms.url), false },
    { AT(sms.template_code_bank), AT(sms.url), false },
    { AT(sms.template_code_recover), AT(sms.url), false },
    { AT(sms.template_code_notice), AT(sms.url), false },
    { AT(sms.template_code_alarm), AT(sms.url), false },
    { AT(sms.template_code_act), AT(sms.url), false },
    { AT(sms.template_code_act), AT(staff.listen), false },
    { AT(sms.template_code_link), AT(sms.url), false },
    { AT(sms.template_code_reply), AT(sms.url), false },
    { AT(sms.template_code_lost), AT(sms.url), false },
    { AT(sms.template_code_reset), AT(sms.url), false },
    { AT(sms.callback_secret), AT(sms.template_code_reply), true },
    { AT(sms.template_partner), AT(sms.url), false },
    { AT(sms.max_in_flight), AT(sms.url), false },
    { AT(sms.deadline_s), AT(sms.url), false },
    { AT(sms.template_code_lost), AT(card_bureau.url), false },
    { AT(card.loss_days), AT(card_bureau.url), false },
    { AT(card_bureau.app_id), AT(card_bureau.url), true },
    { AT(card_bureau.secret), AT(card_bureau.url), true },
    { AT(card_bureau.max_in_flight), AT(card_bureau.url), false },
    { AT(card_bureau.deadline_s), AT(card_bureau.url), false },
    { AT(card.family_limits), AT(card_bureau.url), false },
    { AT(directory.ca_file), AT(directory.urls), true },
    { AT(directory.bind_dn), AT(directory.urls), true },
    { AT(directory.bind_password), AT(directory.urls), true },
    { AT(directory.base), AT(directory.urls), true },
    { AT(directory.filter), AT(directory.urls), false },
    { AT(directory.login_attribute), AT(directory.urls), false },
    { AT(directory.name_attribute), AT(directory.urls), false },
    { AT(directory.identity_attribute), AT(directory.urls), false },
    { AT(directory.group_attribute), AT(directory.urls), false },
    { AT(directory.max_in_flight), AT(directory.urls), false },
    { AT(directory.deadline_s), AT(directory.urls), false },
    { AT(directory.stale_s), AT(directory.urls), false },
    { AT(wechat.official_secret), AT(wechat.official_appid), true },
    { AT(wechat.open_secret), AT(wechat.open_appid), true },
    { AT(wechat.mini_secret), AT(wechat.mini_appid), true },
};

/* A line that says nothing, `key =`, has no effect and needs none. */
static bool
is_said(struct config_reading *reading, const struct setting *setting)
{
    return reading_place(reading, setting)->line != 0 &&
           !(setting_is_text(setting) && text_is_empty(setting_text(reading->out, setting)));
}

static void
dependent_check(struct config_reading *reading, size_t i)
{
    const struct setting *setting = config_setting_at(dependents[i].setting);
    const struct setting *needs = config_setting_at(dependents[i].needs);
    const char *name = reading_name(reading, setting);
    const char *needed = reading_name(reading, needs);
    bool is_there = !reading_is_empty(reading, dependents[i].needs);
    struct arena *arena = reading->arena;

    if (!is_sound(reading, dependents[i].setting))
        return;
    if (!is_there && is_said(reading, setting))
        reading_fault_of(reading, setting,
                         arena_printf(arena, "%s has no effect without %s.", name, needed),
                         arena_printf(arena, "Set %s, or take this line out.", needed));
    else if (is_there && dependents[i].must && reading_is_empty(reading, dependents[i].setting))
        reading_fault_of(reading, setting,
                         arena_printf(arena, "%s is missing, and %s is set.", name, needed),
                         arena_printf(arena, "Set it, or take %s out.", needed));
}

static void
bank_check_address(struct config_reading *reading)
{
    const char *url = reading->out->bank.url;

    if (*url != '\0' && is_sound(reading, AT(bank.url)) && !text_ends(url, "/"))
        fault_at(reading, AT(bank.url), "bank.url must end with a slash.",
                 "The network's own ends with /gateway/api/.");
}

static void
card_bureau_examine(struct config_reading *reading)
{
    const struct settings *settings = reading->out;

    if (*settings->card_bureau.url != '\0' && is_sound(reading, AT(card_bureau.url)) &&
        !text_ends(settings->card_bureau.url, "/"))
        fault_at(reading, AT(card_bureau.url), "card_bureau.url must end with a slash.",
                 "Paths of the card office are put behind it.");
    if (*settings->card_bureau.secret != '\0' &&
        strlen(settings->card_bureau.secret) < CARD_BUREAU_SECRET_MIN)
        fault_at(reading, AT(card_bureau.secret),
                 "card_bureau.secret is shorter than 32 characters.",
                 "Agree with the card office on a longer one: PINs are sealed by it.");
}

static void
loss_days_examine(struct config_reading *reading)
{
    const char *problem = loss_days_check(reading->arena, reading->out->card.loss_days);

    if (problem != NULL)
        fault_at(reading, AT(card.loss_days),
                 arena_printf(reading->arena, "card.loss_days is wrong: %s", problem),
                 "Write it like 310000:5 610100:7 *:15.");
}

static void
messages_check(struct config_reading *reading)
{
    const char *problem = message_settings_check(reading->arena, reading->out);

    if (!message_variable_fits(reading->out->sms.template_partner))
        fault_at(reading, AT(sms.template_partner),
                 "sms.template_partner must be the name of a variable, in letters, digits and _, "
                 "and not code.",
                 "Write it as it stands in the templates at the gateway, without ${ and }.");
    if (problem != NULL)
        reading_fault_of(reading, config_setting_at(AT(sms.template_code)), problem,
                         "sms.template_code is for all purposes that have none of their own.");
}

/* What says how WeChat is asked does nothing while there is nothing to ask it for. */
static void
wechat_check(struct config_reading *reading)
{
    static const size_t apps[] = { AT(wechat.official_appid), AT(wechat.open_appid),
                                   AT(wechat.mini_appid) };
    static const size_t manners[] = { AT(wechat.api_url), AT(wechat.page_url),
                                      AT(wechat.max_in_flight), AT(wechat.deadline_s) };
    bool is_there = false;

    for (size_t i = 0; i < sizeof(apps) / sizeof(apps[0]); i++)
        is_there = is_there || !reading_is_empty(reading, apps[i]);
    for (size_t i = 0; i < sizeof(manners) / sizeof(manners[0]); i++) {
        const struct setting *setting = config_setting_at(manners[i]);

        if (!is_sound(reading, manners[i]))
            continue;
        if (!is_there && is_said(reading, setting))
            reading_fault_of(reading, setting,
                             arena_printf(reading->arena, "%s has no effect without an appid.",
                                          reading_name(reading, setting)),
                             "Set wechat.official_appid, open_appid or mini_appid, or take this "
                             "line out.");
        if (setting_is_text(setting) && text_ends(setting_text(reading->out, setting), "/"))
            fault_at(reading, manners[i],
                     arena_printf(reading->arena, "%s must not end with a slash.",
                                  reading_name(reading, setting)),
                     "Take the slash out: paths are put behind it.");
    }
}

static void
hook_check(struct config_reading *reading)
{
    if (reading->out->tests.approval_hook && !origin_is_loopback(reading->out->server.issuer))
        fault_at(reading, AT(tests.approval_hook),
                 "tests.approval_hook approves in the name of persons: a loopback issuer's only.",
                 "Take it out: it is for conformance suites on one machine.");
}

/* --- What is seldom meant --- */

static void
seldom_check(struct config_reading *reading)
{
    const struct settings *settings = reading->out;

    if (origin_is_loopback(settings->server.issuer))
        return;
    if (settings->errors.explain)
        reading_warn_of(reading, AT(errors.explain),
                        "errors.explain is on under an issuer that others reach: partners are told "
                        "which check failed, and so is whoever guesses.",
                        "Right for a sandbox, wrong where real people log in.");
    if (settings->outbound.allow_loopback)
        reading_warn_of(reading, AT(outbound.allow_loopback),
                        "outbound.allow_loopback is on under an issuer that others reach: a "
                        "partner can make this service call what listens on this machine.",
                        "Take it out where real people log in.");
}

void
config_check(struct config_reading *reading)
{
    if (is_sound(reading, AT(server.issuer))) {
        issuer_check_scheme(reading);
        hook_check(reading);
        seldom_check(reading);
    }
    tls_check(reading);
    config_staff_check(reading);
    listeners_check(reading);
    socket_check(reading);
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
        order_check(reading, i);
    keep_check(reading);
    for (size_t i = 0; i < sizeof(dependents) / sizeof(dependents[0]); i++)
        dependent_check(reading, i);
    bank_check_address(reading);
    card_bureau_examine(reading);
    loss_days_examine(reading);
    wechat_check(reading);
    if (!reading_is_empty(reading, AT(sms.url)))
        messages_check(reading);
}
