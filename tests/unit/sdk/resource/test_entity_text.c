/* SPDX-License-Identifier: Apache-2.0 */
/* One entity of OTEL_ENTITIES, by the grammar; tests/spec/resource.c has what becomes of them. */
#include <stdio.h>
#include <stdlib.h>

#include "look.h"
#include "sdk/resource/entity_text.h"

static const char *parsed(const char *text, struct ct_found_entity *entity)
{
    char *scratch = malloc(strlen(text) + 1);
    assert_non_null(scratch);
    const char *mistake = ct_entity_parse(cotel_str_of(text), entity, scratch);
    free(scratch);
    return mistake;
}

static void done(struct ct_found_entity *entity)
{
    ct_attribute_list_fini(&entity->id);
    ct_attribute_list_fini(&entity->description);
}

static bool is(cotel_str text, const char *expected)
{
    return text.size == strlen(expected) && memcmp(text.data, expected, text.size) == 0;
}

static void all_parts_are_read(void **state)
{
    struct ct_found_entity entity;
    assert_null(parsed("k8s.pod{k8s.pod.uid=1,x_y-z=}[a=2,b=3]@https://e.org/s?a=b#[c]@", &entity));
    assert_true(is(entity.type, "k8s.pod"));
    assert_true(is(entity.schema_url, "https://e.org/s?a=b#[c]@"));
    assert_int_equal(entity.id.count, 2);
    assert_true(is(entity.id.items[0].key, "k8s.pod.uid"));
    assert_true(is(entity.id.items[0].value.as.string, "1"));
    assert_true(is(entity.id.items[1].value.as.string, ""));
    assert_int_equal(entity.description.count, 2);
    assert_true(is(entity.description.items[1].key, "b"));
    done(&entity);
}

static void description_and_schema_url_may_be_missing(void **state)
{
    const char *right[] = {"a{b=c}", "a{b=c}[]", "a{b=c}@u:v", "a{b=c}[d=e]", "A9._-{B9._-=c}"};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        struct ct_found_entity entity;
        assert_null(parsed(right[i], &entity));
        assert_int_equal(entity.id.count, 1);
        done(&entity);
    }
}

static void values_are_percent_decoded(void **state)
{
    struct ct_found_entity entity;
    assert_null(parsed("a{b=%7B%7d%5B%5D%40%3B%2C%3D%25 x}", &entity));
    assert_true(is(entity.id.items[0].value.as.string, "{}[]@;,=% x"));
    done(&entity);
}

static void what_is_malformed_is_said(void **state)
{
    const char *wrong[] = {
        "",
        "a",
        "{b=c}",
        "a{b=c",
        "a}b=c{",
        "a{}",
        "9{b=c}",
        "a b{b=c}",
        "-a{b=c}",
        "a%20{b=c}",
        "a{b}",
        "a{=c}",
        "a{b=c,}",
        "a{,b=c}",
        "a{b=c,,d=e}",
        "a{9=c}",
        "a{b%20=c}",
        "a{ b=c}",
        "a{b=c=d}",
        "a{b=c[d}",
        "a{b=@}",
        "a{b={}",
        "a{b=%}",
        "a{b=%4}",
        "a{b=%zz}",
        "a{b=c}[",
        "a{b=c}[d]",
        "a{b=c}[d=e",
        "a{b=c}[=e]",
        "a{b=c}x",
        "a{b=c}[d=e]x",
        "a{b=c}[d=e][f=g]",
        "a{b=c}{d=e}",
        "a{b=c} @u:v",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct ct_found_entity entity;
        if (!parsed(wrong[i], &entity))
            fail_msg("%s is taken", wrong[i]);
    }
}

static void more_attributes_than_the_limit_are_refused(void **state)
{
    char text[CT_ENTITY_TEXT_MOST_ATTRIBUTES * 8 + 16];
    for (int more = 0; more < 2; more++) {
        struct ct_found_entity entity;
        size_t size = (size_t)snprintf(text, sizeof text, "a{");
        for (int i = 0; i < CT_ENTITY_TEXT_MOST_ATTRIBUTES + more; i++)
            size += (size_t)snprintf(text + size, sizeof text - size, "%sk%d=", i ? "," : "", i);
        (void)snprintf(text + size, sizeof text - size, "}");
        if (more) {
            assert_non_null(parsed(text, &entity));
        } else {
            assert_null(parsed(text, &entity));
            done(&entity);
        }
    }
}

static void a_uri_has_a_scheme_and_no_other_characters(void **state)
{
    const char *right[] = {"https://opentelemetry.io/schemas/1.44.0", "urn:x", "a+b-c.9:%20"};
    const char *wrong[] = {"",     "invalid-url", ":",     "a:",   ":a",
                           "9a:b", "a b:c",       "a:b c", "a:\"", "//a/b:"};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        assert_true(ct_is_uri(cotel_str_of(right[i])));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(ct_is_uri(cotel_str_of(wrong[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_parts_are_read),
        cmocka_unit_test(description_and_schema_url_may_be_missing),
        cmocka_unit_test(values_are_percent_decoded),
        cmocka_unit_test(what_is_malformed_is_said),
        cmocka_unit_test(more_attributes_than_the_limit_are_refused),
        cmocka_unit_test(a_uri_has_a_scheme_and_no_other_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
