/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes every page in every language, with values and in its states of trouble, to the folder
 * TONGXING_PREVIEW_DIR, for looking at. Without that variable it is skipped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "tests/protocols/pages/kit.h"

static const struct preview_trouble {
    const char *name;
    size_t sample;
    const char *field;
    const struct problem *problem;
} troubles[] = {
    { "login_failed", 0, NULL, &problem_login_failed },
    { "sms_code_wrong", 2, "code", &problem_sms_code_wrong },
    { "phone_invalid", 3, "phone", &problem_phone_invalid },
    { "consent_missing", 5, "agree_bank", &problem_consent_missing },
    { "identity_number_invalid", 6, "identity_number", &problem_identity_number_invalid },
    { "bank_mismatch", 6, NULL, &problem_bank_mismatch },
    { "bank_unknown", 6, NULL, &problem_bank_unknown },
    { "password_differs", 11, "password_again", &problem_password_differs },
};

static void
file_write(const char *folder, const char *name, struct bytes content)
{
    char path[512];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content.at, 1, content.size, file), content.size);
    assert_int_equal(fclose(file), 0);
}

/* Served from files, the style sheet lies beside the page. */
static void
page_write(const char *folder, const struct request *rq, const char *name)
{
    const char *html = body_of(rq);
    const char *url = strstr(html, static_find("tongxing.css")->url);
    struct buf out = buf_new(rq->arena, rq->response.body.size);

    assert_non_null(url);
    buf_bytes(&out, html, (size_t)(url - html));
    buf_text(&out, "tongxing.css");
    buf_text(&out, url + strlen(static_find("tongxing.css")->url));
    file_write(folder, arena_printf(rq->arena, "%s.%s.html", name, languages[rq->language].tag),
               buf_view(&out));
}

static void
samples_write(struct page_fixture *f, const char *folder, enum language language)
{
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct request *rq = fixture_request(f, language);

        page_answer(rq, 200, sample_page(rq, &samples[i], NULL));
        page_write(folder, rq, arena_printf(rq->arena, "%02zu_%s", i, samples[i].template));
    }
}

static void
troubles_write(struct page_fixture *f, const char *folder, enum language language)
{
    for (size_t i = 0; i < sizeof(troubles) / sizeof(*troubles); i++) {
        struct request *rq = fixture_request(f, language);
        struct page *page = sample_page(rq, &samples[troubles[i].sample], NULL);

        page_field_problem(page, troubles[i].field, troubles[i].problem);
        page_answer(rq, 400, page);
        page_write(folder, rq, arena_printf(rq->arena, "trouble_%s", troubles[i].name));
    }
}

static void
pages_can_be_looked_at(void **state)
{
    const char *folder = getenv("TONGXING_PREVIEW_DIR");

    if (folder == NULL)
        skip();
    file_write(folder, "tongxing.css", static_find("tongxing.css")->document->body);
    for (int l = 0; l < LANGUAGE_COUNT; l++) {
        samples_write(*state, folder, (enum language)l);
        troubles_write(*state, folder, (enum language)l);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_can_be_looked_at),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_end);
}
