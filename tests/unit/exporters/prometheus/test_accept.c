/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporters/prometheus/accept.h"
#include "exporters/prometheus/exposition.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

struct accept_case {
    const char *header; /* NULL: there is none */
    const char *type;   /* what the answer is called */
};

#define TEXT "text/plain; version=0.0.4; charset=utf-8; escaping="
#define TEXT_1 "text/plain; version=1.0.0; charset=utf-8; escaping="
#define OPENMETRICS "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping="
#define OPENMETRICS_OLD "application/openmetrics-text; version=0.0.1; charset=utf-8; escaping="

static void check(const struct accept_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct ct_prom_wanted wanted = ct_prom_accept(cotel_str_of(cases[i].header));
        const char *type = ct_prom_content_type(wanted.format, wanted.version, wanted.escaping);
        if (strcmp(type, cases[i].type) != 0)
            fail_msg("%s\n gives %s\n  not %s", cases[i].header, type, cases[i].type);
    }
}

static void real_servers_get_the_format_that_they_like_best(void **state)
{
    static const struct accept_case cases[] = {
        /* 2.5 to 2.30 */
        {"application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
         OPENMETRICS_OLD "underscores"},
        /* from 2.35 on */
        {"application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
         "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
         OPENMETRICS "underscores"},
        /* with native histograms, whose protobuf we have not */
        {"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding="
         "delimited,application/openmetrics-text;version=1.0.0;q=0.8,application/"
         "openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
         OPENMETRICS "underscores"},
        /* 3.0 */
        {"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/"
         "openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;"
         "q=0.3,text/plain;version=0.0.4;q=0.2,/;q=0.1",
         OPENMETRICS "allow-utf-8"},
        /* 3.3 */
        {"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/"
         "openmetrics-text;version=0.0.1;escaping=allow-utf-8;q=0.5,text/plain;version=1.0.0;"
         "escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;escaping=allow-utf-8;q=0.3,*/*;q=0.2",
         OPENMETRICS "allow-utf-8"},
        /* 3.11, with fallback to protobuf first and another scheme */
        {"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding="
         "delimited;q=0.6,application/openmetrics-text;version=1.0.0;escaping=dots;q=0.5,"
         "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=dots;"
         "q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
         OPENMETRICS "dots"},
        /* set to one protocol */
        {"text/plain;version=1.0.0;escaping=values;q=0.2,*/*;q=0.1", TEXT_1 "values"},
        {"text/plain;version=0.0.4;q=0.3,*/*;q=0.2", TEXT "underscores"},
    };
    check(cases, ARRAY_SIZE(cases));
}

static void whoever_asks_for_nothing_of_ours_gets_the_oldest_text(void **state)
{
    static const struct accept_case cases[] = {
        {NULL, TEXT "underscores"},
        {"", TEXT "underscores"},
        {"*/*", TEXT "underscores"},
        {"text/*", TEXT "underscores"},
        {"application/json", TEXT "underscores"},
        {"text/plain;version=9.9.9", TEXT "underscores"},
        {"text/plain;q=0", TEXT "underscores"},
        {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", TEXT "underscores"},
    };
    check(cases, ARRAY_SIZE(cases));
}

static void the_heaviest_wins_and_of_equals_the_first(void **state)
{
    static const struct accept_case cases[] = {
        {"text/plain;q=0.4,application/openmetrics-text;q=0.5", OPENMETRICS "underscores"},
        {"text/plain;q=0.5,application/openmetrics-text;q=0.4", TEXT "underscores"},
        {"application/openmetrics-text,text/plain", OPENMETRICS "underscores"},
        {"text/plain,application/openmetrics-text", TEXT "underscores"},
        {"text/plain;q=0.001,application/openmetrics-text;q=0.002", OPENMETRICS "underscores"},
        {"text/plain;q=1.000,application/openmetrics-text;q=0.999", TEXT "underscores"},
        {"application/openmetrics-text", OPENMETRICS "underscores"},
        {"application/*", OPENMETRICS "underscores"},
    };
    check(cases, ARRAY_SIZE(cases));
}

static void the_most_specific_range_speaks_for_a_format(void **state)
{
    static const struct accept_case cases[] = {
        {"*/*,text/plain;q=0.5,text/plain;version=1.0.0;q=0.4", OPENMETRICS "underscores"},
        {"*/*;q=0.9,application/openmetrics-text;q=0", TEXT "underscores"},
        {"text/*;q=0.9,text/plain;version=0.0.4;q=0.1,text/plain;version=1.0.0;q=0.2",
         TEXT_1 "underscores"},
        {"application/openmetrics-text;version=1.0.0;q=0,application/openmetrics-text",
         OPENMETRICS_OLD "underscores"},
        {"text/plain;version=0.0.4;q=0.2,text/plain;version=0.0.4;q=0.9,application/"
         "openmetrics-text;q=0.5",
         TEXT "underscores"},
    };
    check(cases, ARRAY_SIZE(cases));
}

static void headers_are_read_as_the_grammar_has_them(void **state)
{
    static const struct accept_case cases[] = {
        {" , Application/OpenMetrics-Text ; Version=\"1.0.0\" ; Escaping=Allow-UTF-8 ;Q=0.5 ,, ",
         OPENMETRICS "allow-utf-8"},
        {"text/plain;note=\"a,b;q=0\\\"\";q=0.1,application/openmetrics-text;q=0.05",
         TEXT "underscores"},
        {"application/openmetrics-text;escaping=allow-utf8", OPENMETRICS "allow-utf-8"},
        {"application/openmetrics-text;escaping=other", OPENMETRICS "underscores"},
        {"text/plain;escaping=values", TEXT "values"},
        {"text/plain;version=0.0.4;escaping=allow-utf-8", TEXT "allow-utf-8"},
        /* what can't be read does not count, and the rest does */
        {"application/openmetrics-text;q=high,text/plain;q=0.1", TEXT "underscores"},
        {"application/openmetrics-text;q=2,text/plain;q=0.1", TEXT "underscores"},
        {"application/openmetrics-text;q=,text/plain;q=0.1", TEXT "underscores"},
        {"application/openmetrics-text;q=0.x,text/plain;q=0.1", TEXT "underscores"},
        {"application,text/plain;version=1.0.0;q=0.1", TEXT_1 "underscores"},
        {"\"application/openmetrics-text", TEXT "underscores"},
    };
    check(cases, ARRAY_SIZE(cases));
}

static void gzip_is_for_those_who_ask(void **state)
{
    static const char *const yes[] = {"gzip",
                                      "GZIP",
                                      "x-gzip",
                                      "br, gzip",
                                      "*",
                                      "identity;q=0.5, *;q=0.7",
                                      "gzip;q=0.001",
                                      "deflate, gzip;q=1.0, *;q=0.5",
                                      "identity, gzip"};
    static const char *const no[] = {NULL,
                                     "",
                                     "identity",
                                     "gzip;q=0",
                                     "gzip;q=0.000",
                                     "br, deflate",
                                     "*;q=0",
                                     "gzip;q=0, *",
                                     "gzip;q=0.5, identity;q=0.8",
                                     "gzip;q=x",
                                     "gzipped"};
    for (size_t i = 0; i < ARRAY_SIZE(yes); i++) {
        if (!ct_prom_accepts_gzip(cotel_str_of(yes[i])))
            fail_msg("%s asks for gzip", yes[i]);
    }
    for (size_t i = 0; i < ARRAY_SIZE(no); i++) {
        if (ct_prom_accepts_gzip(cotel_str_of(no[i])))
            fail_msg("%s does not ask for gzip", no[i]);
    }
}

static void what_a_program_wants_has_a_name_without_a_request(void **state)
{
    assert_string_equal(ct_prom_content_type(COTEL_PROMETHEUS_TEXT, COTEL_PROMETHEUS_VERSION_USUAL,
                                             COTEL_PROMETHEUS_ESCAPE_DOTS),
                        TEXT "dots");
    assert_string_equal(ct_prom_content_type(COTEL_PROMETHEUS_TEXT, COTEL_PROMETHEUS_VERSION_USUAL,
                                             COTEL_PROMETHEUS_ALLOW_UTF8),
                        TEXT_1 "allow-utf-8");
    assert_string_equal(ct_prom_content_type(COTEL_PROMETHEUS_OPENMETRICS,
                                             COTEL_PROMETHEUS_VERSION_USUAL,
                                             COTEL_PROMETHEUS_ESCAPE_UNDERSCORES),
                        OPENMETRICS "underscores");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_servers_get_the_format_that_they_like_best),
        cmocka_unit_test(whoever_asks_for_nothing_of_ours_gets_the_oldest_text),
        cmocka_unit_test(the_heaviest_wins_and_of_equals_the_first),
        cmocka_unit_test(the_most_specific_range_speaks_for_a_format),
        cmocka_unit_test(headers_are_read_as_the_grammar_has_them),
        cmocka_unit_test(gzip_is_for_those_who_ask),
        cmocka_unit_test(what_a_program_wants_has_a_name_without_a_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
