/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/text.h"
#include "idp/connect/unionpay_signature.h"
#include "tests/connect/sim_process.h"

#define NOW 1767225600         /* 2026-01-01T00:00:00Z */
#define BEFORE_ALL 1514764800  /* 2018 */
#define IN_2020 1590969600     /* while the expired certificate was good */
#define AFTER_ALL 2556143999LL /* 2050-12-31 */

/* The certificates are the simulator's; it is started only to make them. */
struct signature_fixture {
    struct sim_process sim;
    struct arena *arena;
    struct unionpay_trust *trust;
};

static const char *
folder_file(struct signature_fixture *f, const char *name)
{
    return arena_printf(f->arena, "%s/%s", f->sim.folder, name);
}

static int
group_setup(void **state)
{
    struct signature_fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    *state = f;
    f->arena = arena_new(8 << 20);
    assert_int_equal(sim_start(&f->sim, SIM_DIR "/bank_sim"), 0);
    return unionpay_trust_new(folder_file(f, "root.pem"), folder_file(f, "middle.pem"), false,
                              &f->trust);
}

static int
group_teardown(void **state)
{
    struct signature_fixture *f = *state;
    int status = sim_stop(&f->sim);

    unionpay_trust_free(f->trust);
    arena_free(f->arena);
    free(f);
    return status;
}

static const char *
file_text(struct signature_fixture *f, const char *name)
{
    FILE *file = fopen(folder_file(f, name), "re");
    char text[8192];
    size_t size;

    assert_non_null(file);
    size = fread(text, 1, sizeof(text), file);
    fclose(file);
    return arena_copy(f->arena, text, size);
}

/* A reply as the network would sign it, under the named certificate. */
static struct unionpay_message
reply_under(struct signature_fixture *f, const char *certificate)
{
    struct unionpay_message reply = { 0 };
    struct unionpay_signer *signer;

    assert_int_equal(
        unionpay_signer_new(folder_file(f, certificate), folder_file(f, "leaf.key"), &signer), OK);
    unionpay_put(&reply, "respCode", "00");
    unionpay_put(&reply, "respMsg", "成功[0000000]");
    unionpay_put(&reply, "orderId", "T000000000001");
    unionpay_put(&reply, "signPubKeyCert", file_text(f, certificate));
    assert_int_equal(unionpay_sign(signer, f->arena, &reply), OK);
    unionpay_signer_free(signer);
    return reply;
}

static enum err
verify_at(struct signature_fixture *f, const struct unionpay_message *reply, unix_s now)
{
    return unionpay_verify(f->trust, f->arena, reply, now);
}

static void
a_reply_signed_by_the_network_holds(void **state)
{
    struct unionpay_message reply = reply_under(*state, "leaf.pem");

    assert_int_equal(verify_at(*state, &reply, NOW), OK);
}

static void
a_signed_message_names_method_and_certificate(void **state)
{
    struct unionpay_message reply = reply_under(*state, "leaf.pem");
    const char *cert_id = unionpay_find(&reply, "certId");

    assert_string_equal(unionpay_find(&reply, "signMethod"), "01");
    assert_int_equal(strspn(cert_id, "0123456789"), strlen(cert_id));
}

static void
any_changed_added_or_missing_field_breaks_the_signature(void **state)
{
    struct unionpay_message changed = reply_under(*state, "leaf.pem");
    struct unionpay_message added = changed;
    struct unionpay_message missing = changed;

    unionpay_put(&changed, "respCode", "66");
    unionpay_put(&added, "queryId", "1");
    missing.fields[0] = missing.fields[--missing.count - 1];
    assert_int_equal(verify_at(*state, &changed, NOW), ERR_FORGED);
    assert_int_equal(verify_at(*state, &added, NOW), ERR_FORGED);
    assert_int_equal(verify_at(*state, &missing, NOW), ERR_FORGED);
}

static void
a_reply_without_signature_or_certificate_is_forged(void **state)
{
    static const char *const names[] = { "signature", "signPubKeyCert", "signMethod" };

    for (size_t i = 0; i < 3; i++) {
        struct unionpay_message reply = reply_under(*state, "leaf.pem");

        for (size_t at = 0; at < reply.count; at++) {
            if (text_eq(reply.fields[at].name, names[i]))
                reply.fields[at].name = "other";
        }
        assert_int_equal(verify_at(*state, &reply, NOW), ERR_FORGED);
    }
}

/* BK-11: who could choose the method could choose one that needs no key of the network. */
static void
the_reply_does_not_choose_the_method(void **state)
{
    static const char *const methods[] = { "11", "12", "21", "1" };

    for (size_t i = 0; i < 4; i++) {
        struct unionpay_message reply = reply_under(*state, "leaf.pem");

        unionpay_put(&reply, "signMethod", methods[i]);
        unionpay_put(&reply, "signature",
                     unionpay_digest(((struct signature_fixture *)*state)->arena, &reply));
        assert_int_equal(verify_at(*state, &reply, NOW), ERR_FORGED);
    }
}

static void
unreadable_signatures_and_certificates_are_forged(void **state)
{
    static const char *const texts[] = {
        "!", "AAAA", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    };

    for (size_t i = 0; i < 3; i++) {
        struct unionpay_message by_signature = reply_under(*state, "leaf.pem");
        struct unionpay_message by_certificate = by_signature;

        unionpay_put(&by_signature, "signature", texts[i]);
        unionpay_put(&by_certificate, "signPubKeyCert", texts[i]);
        assert_int_equal(verify_at(*state, &by_signature, NOW), ERR_FORGED);
        assert_int_equal(verify_at(*state, &by_certificate, NOW), ERR_FORGED);
    }
}

static void
the_certificate_must_be_good_at_the_time(void **state)
{
    struct unionpay_message reply = reply_under(*state, "leaf.pem");
    struct unionpay_message expired = reply_under(*state, "expired.pem");

    assert_int_equal(verify_at(*state, &reply, BEFORE_ALL), ERR_FORGED);
    assert_int_equal(verify_at(*state, &reply, AFTER_ALL), ERR_FORGED);
    assert_int_equal(verify_at(*state, &expired, NOW), ERR_FORGED);
    assert_int_equal(verify_at(*state, &expired, IN_2020), OK);
}

static void
the_certificate_must_be_of_the_chain_and_in_the_networks_name(void **state)
{
    struct unionpay_message stray = reply_under(*state, "stray.pem");
    struct unionpay_message company = reply_under(*state, "company.pem");
    struct unionpay_message test = reply_under(*state, "test.pem");

    assert_int_equal(verify_at(*state, &stray, NOW), ERR_FORGED);
    assert_int_equal(verify_at(*state, &company, NOW), ERR_FORGED);
    assert_int_equal(verify_at(*state, &test, NOW), ERR_FORGED);
}

/* Another merchant's certificate hangs on the same chain. */
static void
a_merchant_cannot_speak_for_the_network(void **state)
{
    struct signature_fixture *f = *state;
    struct unionpay_message reply = reply_under(f, "leaf.pem");
    struct unionpay_signer *signer;

    assert_int_equal(unionpay_signer_new(folder_file(f, "merchant.pem"),
                                         folder_file(f, "merchant.key"), &signer),
                     OK);
    unionpay_put(&reply, "signPubKeyCert", file_text(f, "merchant.pem"));
    assert_int_equal(unionpay_sign(signer, f->arena, &reply), OK);
    unionpay_signer_free(signer);
    assert_int_equal(verify_at(f, &reply, NOW), ERR_FORGED);
}

static void
the_test_networks_name_is_good_for_the_test_network(void **state)
{
    struct signature_fixture *f = *state;
    struct unionpay_message test = reply_under(f, "test.pem");
    struct unionpay_message company = reply_under(f, "company.pem");
    struct unionpay_trust *trust;

    assert_int_equal(
        unionpay_trust_new(folder_file(f, "root.pem"), folder_file(f, "middle.pem"), true, &trust),
        OK);
    assert_int_equal(unionpay_verify(trust, f->arena, &test, NOW), OK);
    assert_int_equal(unionpay_verify(trust, f->arena, &company, NOW), ERR_FORGED);
    unionpay_trust_free(trust);
}

static void
a_signer_needs_a_certificate_and_its_key(void **state)
{
    struct signature_fixture *f = *state;
    const char *certificate = folder_file(f, "merchant.pem");
    const char *key = folder_file(f, "merchant.key");
    struct unionpay_signer *signer;

    assert_int_equal(unionpay_signer_new("/nonexistent", key, &signer), ERR_NOT_FOUND);
    assert_int_equal(unionpay_signer_new(certificate, "/nonexistent", &signer), ERR_NOT_FOUND);
    assert_int_equal(unionpay_signer_new(key, key, &signer), ERR_INVALID);
    assert_int_equal(unionpay_signer_new(certificate, certificate, &signer), ERR_INVALID);
    assert_int_equal(unionpay_signer_new(certificate, folder_file(f, "leaf.key"), &signer),
                     ERR_INVALID);
}

static void
trust_needs_a_root_and_a_middle(void **state)
{
    struct signature_fixture *f = *state;
    const char *root = folder_file(f, "root.pem");
    struct unionpay_trust *trust;

    assert_int_equal(unionpay_trust_new("/nonexistent", root, false, &trust), ERR_NOT_FOUND);
    assert_int_equal(unionpay_trust_new(root, "/nonexistent", false, &trust), ERR_NOT_FOUND);
    assert_int_equal(unionpay_trust_new(root, folder_file(f, "leaf.key"), false, &trust),
                     ERR_INVALID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reply_signed_by_the_network_holds),
        cmocka_unit_test(a_signed_message_names_method_and_certificate),
        cmocka_unit_test(any_changed_added_or_missing_field_breaks_the_signature),
        cmocka_unit_test(a_reply_without_signature_or_certificate_is_forged),
        cmocka_unit_test(the_reply_does_not_choose_the_method),
        cmocka_unit_test(unreadable_signatures_and_certificates_are_forged),
        cmocka_unit_test(the_certificate_must_be_good_at_the_time),
        cmocka_unit_test(the_certificate_must_be_of_the_chain_and_in_the_networks_name),
        cmocka_unit_test(a_merchant_cannot_speak_for_the_network),
        cmocka_unit_test(the_test_networks_name_is_good_for_the_test_network),
        cmocka_unit_test(a_signer_needs_a_certificate_and_its_key),
        cmocka_unit_test(trust_needs_a_root_and_a_middle),
    };

    return cmocka_run_group_tests_name("unionpay_signature", tests, group_setup, group_teardown);
}
