/* SPDX-License-Identifier: Apache-2.0 */
/* Which instruments a view is for. */
#include "resolved.h"

#include <string.h>

/* Whether the view, given a description, is for the instrument of `resolved`. */
static bool is_for(struct resolved *resolved)
{
    assert_int_equal(resolve(resolved), 1);
    return resolved->streams[0].description.size == strlen("viewed");
}

static bool name_is_for(const char *pattern, const char *name)
{
    struct resolved resolved;
    const cotel_view view = VIEW(.instrument_name = pattern, .description = "viewed");
    resolved_init(&resolved, &view, 1, COTEL_VIEWS_INDEPENDENT);
    resolved.info.name = cotel_str_of(name);
    bool matches = is_for(&resolved);
    resolved_fini(&resolved);
    return matches;
}

static bool view_is_for(cotel_view view)
{
    struct resolved resolved;
    view.description = "viewed";
    resolved_init(&resolved, &view, 1, COTEL_VIEWS_INDEPENDENT);
    bool matches = is_for(&resolved);
    resolved_fini(&resolved);
    return matches;
}

static void a_name_is_matched_whole(void **state)
{
    (void)state;
    assert_true(name_is_for("requests", "requests"));
    assert_false(name_is_for("requests", "request"));
    assert_false(name_is_for("request", "requests"));
}

static void case_does_not_count_in_names(void **state)
{
    (void)state;
    assert_true(name_is_for("Requests", "requESTS"));
    assert_true(name_is_for("HTTP.*", "http.duration"));
    assert_true(name_is_for("http.?URATION", "HTTP.Duration"));
}

static void a_star_alone_matches_all(void **state)
{
    (void)state;
    assert_true(name_is_for("*", "requests"));
    assert_true(name_is_for("*", ""));
}

static void wildcards_are_any_text_and_any_character(void **state)
{
    (void)state;
    assert_true(name_is_for("http.*.duration", "http.server.duration"));
    assert_true(name_is_for("http*", "http"));
    assert_false(name_is_for("http.*.duration", "http.duration"));
    assert_true(name_is_for("v?", "v1"));
    assert_false(name_is_for("v?", "v"));
    assert_false(name_is_for("v?", "v12"));
}

/* Invalid names work too, and may be of any length. */
static void a_long_name_is_matched_too(void **state)
{
    char name[2000];
    (void)state;
    memset(name, 'A', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_true(name_is_for("a*a", name));
    assert_false(name_is_for("a*b", name));
}

static void a_kind_is_matched(void **state)
{
    (void)state;
    assert_true(view_is_for(VIEW_OF(COTEL_INSTRUMENT_HISTOGRAM)));
    assert_false(view_is_for(VIEW_OF(COTEL_INSTRUMENT_COUNTER)));
}

static void a_unit_is_matched_with_its_case(void **state)
{
    (void)state;
    assert_true(view_is_for(VIEW(.instrument_unit = "s")));
    assert_false(view_is_for(VIEW(.instrument_unit = "S")));
    assert_false(view_is_for(VIEW(.instrument_unit = "ms")));
    assert_false(view_is_for(VIEW(.instrument_unit = "")));
}

static void a_meter_is_matched_by_name_version_and_schema(void **state)
{
    (void)state;
    assert_true(view_is_for(VIEW(.meter_name = "library")));
    assert_false(view_is_for(VIEW(.meter_name = "Library")));
    assert_true(view_is_for(VIEW(.meter_version = "1.2")));
    assert_false(view_is_for(VIEW(.meter_version = "1.20")));
    assert_true(view_is_for(VIEW(.meter_schema_url = "https://schema/1")));
    assert_false(view_is_for(VIEW(.meter_schema_url = "https://schema/2")));
}

/* Wildcards are of instrument names alone. */
static void a_meter_has_no_wildcards(void **state)
{
    (void)state;
    assert_false(view_is_for(VIEW(.meter_name = "*")));
}

static void an_empty_criterion_matches_what_is_empty(void **state)
{
    struct resolved resolved;
    const cotel_view view = VIEW(.meter_version = "", .description = "viewed");
    (void)state;
    resolved_init(&resolved, &view, 1, COTEL_VIEWS_INDEPENDENT);
    assert_false(is_for(&resolved));
    resolved.scope.version = cotel_str_n(NULL, 0);
    assert_true(is_for(&resolved));
    resolved_fini(&resolved);
}

static void all_criteria_have_to_match(void **state)
{
    cotel_view view = VIEW_OF(COTEL_INSTRUMENT_HISTOGRAM, .instrument_name = "http.*",
                              .instrument_unit = "s", .meter_name = "library",
                              .meter_version = "1.2", .meter_schema_url = "https://schema/1");
    (void)state;
    assert_true(view_is_for(view));
    const char **texts[] = {&view.instrument_name, &view.instrument_unit, &view.meter_name,
                            &view.meter_version, &view.meter_schema_url};
    for (size_t i = 0; i < COUNT(texts); i++) {
        const char *was = *texts[i];
        *texts[i] = "other";
        assert_false(view_is_for(view));
        *texts[i] = was;
    }
    view.instrument_kind = COTEL_INSTRUMENT_GAUGE;
    assert_false(view_is_for(view));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_matched_whole),
        cmocka_unit_test(case_does_not_count_in_names),
        cmocka_unit_test(a_star_alone_matches_all),
        cmocka_unit_test(wildcards_are_any_text_and_any_character),
        cmocka_unit_test(a_long_name_is_matched_too),
        cmocka_unit_test(a_kind_is_matched),
        cmocka_unit_test(a_unit_is_matched_with_its_case),
        cmocka_unit_test(a_meter_is_matched_by_name_version_and_schema),
        cmocka_unit_test(a_meter_has_no_wildcards),
        cmocka_unit_test(an_empty_criterion_matches_what_is_empty),
        cmocka_unit_test(all_criteria_have_to_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
