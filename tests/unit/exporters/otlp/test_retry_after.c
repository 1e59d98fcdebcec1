/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/http/retry_after.h"
#include "exporters/otlp/retry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const uint64_t s = 1000 * 1000 * 1000;
static const time_t now = 784111777; /* Sun, 06 Nov 1994 08:49:37 GMT */

static void seconds_are_read(void **state)
{
    assert_int_equal(ct_http_retry_after_ns("0", now), 0);
    assert_int_equal(ct_http_retry_after_ns("120", now), 120 * s);
    assert_int_equal(ct_http_retry_after_ns(" 3 ", now), 3 * s);
}

static void a_date_is_read(void **state)
{
    assert_int_equal(ct_http_retry_after_ns("Sun, 06 Nov 1994 08:50:00 GMT", now), 23 * s);
    assert_int_equal(ct_http_retry_after_ns("Sunday, 06-Nov-94 08:50:00 GMT", now), 23 * s);
}

static void a_date_that_has_passed_is_now(void **state)
{
    assert_int_equal(ct_http_retry_after_ns("Sun, 06 Nov 1994 08:49:00 GMT", now), 0);
}

static void a_huge_number_stays_a_number(void **state)
{
    uint64_t wait = ct_http_retry_after_ns("99999999999999999999999999999999", now);
    assert_true(wait < CT_OTLP_NOT_SAID);
    assert_true(wait > UINT64_MAX / 2);
}

static void anything_else_is_nothing(void **state)
{
    assert_int_equal(ct_http_retry_after_ns(NULL, now), CT_OTLP_NOT_SAID);
    assert_int_equal(ct_http_retry_after_ns("", now), CT_OTLP_NOT_SAID);
    assert_int_equal(ct_http_retry_after_ns("soon", now), CT_OTLP_NOT_SAID);
    assert_int_equal(ct_http_retry_after_ns("-5", now), CT_OTLP_NOT_SAID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_are_read),
        cmocka_unit_test(a_date_is_read),
        cmocka_unit_test(a_date_that_has_passed_is_now),
        cmocka_unit_test(a_huge_number_stays_a_number),
        cmocka_unit_test(anything_else_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
