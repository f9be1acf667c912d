/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates and the keys that belong to them. */
#include "idp/base/text.h"
#include "idp/connect/unionpay_signature.h"
#include "idp/server/doctor/doctor.h"
#include "idp/server/engine/certificate.h"

#define AT(member) SETTING_AT(member)
#define DAY_S 86400
#define SOON_S (30 * DAY_S)

/* One file with a certificate, and perhaps the one with its key. */
struct looked_at {
    size_t setting;
    size_t key; /* of the same kind; 0: it has none, for no path is the first member */
    const char *what;
    const char *renew; /* what to do when it ends */
};

static const char *
path_of(const struct doctor *doctor, size_t setting)
{
    return setting_text(&doctor->settings, config_setting_at(setting));
}

static const char *
day_of(struct doctor *doctor, unix_s at)
{
    return arena_copy(doctor->arena, time_rfc3339(doctor->arena, at), 10);
}

static void
days_check(struct doctor *doctor, const struct looked_at *it, const struct certificate_facts *facts)
{
    const char *path = path_of(doctor, it->setting);

    if (facts->ends <= doctor->now)
        doctor_tell(doctor, FINDING_ERROR, it->setting, it->renew, "%s %s has ended on %s.",
                    it->what, path, day_of(doctor, facts->ends));
    else if (facts->begins > doctor->now)
        doctor_tell(doctor, FINDING_ERROR, it->setting,
                    "Look whether this machine's clock is right, or wait.",
                    "%s %s begins on %s only.", it->what, path, day_of(doctor, facts->begins));
    else if (facts->ends < doctor->now + SOON_S)
        doctor_tell(doctor, FINDING_WARNING, it->setting, it->renew,
                    "%s %s ends on %s, in %lld days.", it->what, path, day_of(doctor, facts->ends),
                    (long long)((facts->ends - doctor->now) / DAY_S));
    else
        doctor_tell(doctor, FINDING_OK, it->setting, "", "%s %s is valid until %s.", it->what, path,
                    day_of(doctor, facts->ends));
}

/* NULL when it cannot be used; that has been told. The caller frees it. */
static struct certificate *
open_checked(struct doctor *doctor, const struct looked_at *it)
{
    struct certificate *certificate = NULL;
    const char *path = path_of(doctor, it->setting);
    const char *key = it->key != 0 ? path_of(doctor, it->key) : NULL;
    const char *why = NULL;
    struct certificate_facts facts;

    if (*path == '\0' || !doctor_may_use(doctor, it->setting) ||
        (it->key != 0 && !doctor_may_use(doctor, it->key)))
        return NULL;
    if (certificate_open(path, key, &certificate, &why) != OK) {
        if (key == NULL)
            doctor_tell(doctor, FINDING_ERROR, it->setting,
                        "Put it there in PEM, readable for the service's user.",
                        "%s %s cannot be used. %s", it->what, path, why);
        else
            doctor_tell(doctor, FINDING_ERROR, it->setting,
                        "Put both there in PEM, readable for the service's user.",
                        "%s %s with the key %s cannot be used. %s", it->what, path, key, why);
        return NULL;
    }
    facts = certificate_facts(certificate);
    days_check(doctor, it, &facts);
    return certificate;
}

/* --- Of the listener --- */

static void
listener_check(struct doctor *doctor)
{
    static const struct looked_at it = { AT(server.tls_certificate_file), AT(server.tls_key_file),
                                         "The listener's certificate",
                                         "Renew it, and let SIGHUP read it anew." };
    struct certificate *certificate = open_checked(doctor, &it);
    const char *host = doctor_host_of(doctor, doctor->settings.server.issuer);
    struct certificate_facts facts;

    if (certificate == NULL)
        return;
    facts = certificate_facts(certificate);
    if (doctor_may_use(doctor, AT(server.issuer)) && !certificate_is_for(certificate, host))
        doctor_tell(doctor, FINDING_WARNING, it.setting,
                    "Right only where a proxy in front speaks under the issuer's name.",
                    "The listener's certificate is not for %s, the host of server.issuer.", host);
    if (facts.signs_itself)
        doctor_say(doctor, FINDING_WARNING, it.setting,
                   "The listener's certificate is signed by nobody but itself.",
                   "Browsers warn of it: take one from an authority, or let a proxy end TLS.");
    else if (facts.count == 1)
        doctor_say(doctor, FINDING_WARNING, it.setting,
                   "The listener's certificate stands alone in its file.",
                   "Put those of the authorities between it and the root behind it.");
    certificate_free(certificate);
}

/* --- Of the bank network and of those we call --- */

static void
signer_check(struct doctor *doctor)
{
    const struct settings *settings = &doctor->settings;
    struct unionpay_signer *signer = NULL;

    if (unionpay_signer_new(settings->bank.certificate_file, settings->bank.key_file, &signer) !=
        OK)
        doctor_say(
            doctor, FINDING_ERROR, AT(bank.key_file),
            "The bank network takes signatures by RSA keys of 2048 bits or more, and this is "
            "none.",
            "Use the key and certificate that the network has issued.");
    unionpay_signer_free(signer);
}

static void
bank_files_check(struct doctor *doctor)
{
    static const char renew[] = "Take a new one from the bank network, and restart.";
    static const struct looked_at files[] = {
        { AT(bank.certificate_file), AT(bank.key_file), "Our certificate at the bank network",
          renew },
        { AT(bank.root_file), 0, "The bank network's root certificate", renew },
        { AT(bank.middle_file), 0, "The bank network's certificate", renew },
    };

    if (*doctor->settings.bank.url == '\0')
        return;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct certificate *certificate = open_checked(doctor, &files[i]);

        if (certificate != NULL && files[i].key != 0)
            signer_check(doctor);
        certificate_free(certificate);
    }
}

/* A file of any authorities: that one of them has ended says nothing of those that are needed. */
static void
authorities_check(struct doctor *doctor, size_t setting)
{
    const char *path = path_of(doctor, setting);
    struct certificate *authorities = NULL;
    const char *why = NULL;

    if (*path == '\0' || !doctor_may_use(doctor, setting))
        return;
    if (certificate_open(path, NULL, &authorities, &why) != OK) {
        doctor_tell(doctor, FINDING_ERROR, setting,
                    "Put it there in PEM, readable for the service's user.",
                    "The authorities %s cannot be used. %s", path, why);
        return;
    }
    doctor_tell(doctor, FINDING_OK, setting, "", "There are %zu authorities in %s.",
                certificate_facts(authorities).count, path);
    certificate_free(authorities);
}

void
doctor_look_at_certificates(struct doctor *doctor)
{
    listener_check(doctor);
    bank_files_check(doctor);
    authorities_check(doctor, AT(outbound.ca_file));
    authorities_check(doctor, AT(directory.ca_file));
}
