/* SPDX-License-Identifier: Apache-2.0 */
#include "suite.h"

/* ---- a carrier that has any number of `baggage` headers, and takes one of any length ---- */

struct carrier {
    const char *headers[4]; /* up to a NULL */
    char sent[2 * COTEL_BAGGAGE_HEADER_MAX_SIZE];
    size_t sent_count;
};

static cotel_str get(void *carrier, cotel_str key, size_t index)
{
    const struct carrier *c = carrier;
    if (key.size != strlen("baggage") || memcmp(key.data, "baggage", key.size) != 0)
        return cotel_str_n(NULL, 0);
    for (size_t i = 0; i < COUNT_OF(c->headers) && c->headers[i]; i++) {
        if (i == index)
            return cotel_str_of(c->headers[i]);
    }
    return cotel_str_n(NULL, 0);
}

static void set(void *carrier, cotel_str key, cotel_str value)
{
    struct carrier *c = carrier;
    assert_str_is(key, "baggage");
    assert_true(value.size < sizeof c->sent);
    memcpy(c->sent, value.data, value.size);
    c->sent[value.size] = '\0';
    c->sent_count++;
}

static const cotel_getter getter = {.size = sizeof getter, .get = get};
static const cotel_setter setter = {.size = sizeof setter, .set = set};

/* ---- what the tests compare ---- */

static const cotel_propagator_ops *ops(void)
{
    return cotel_propagator_baggage()->ops;
}

static cotel_context *extract_over(const cotel_context *base, struct carrier *carrier)
{
    return ops()->extract(cotel_propagator_baggage(), base, &getter, carrier);
}

static cotel_baggage *extract(const char *header)
{
    struct carrier carrier = {.headers = {header}};
    cotel_context *context = extract_over(cotel_context_empty(), &carrier);
    cotel_baggage *baggage = cotel_context_baggage(context);
    cotel_context_unref(context);
    return baggage;
}

/* What is sent for a baggage; "" for nothing. Takes the reference. Good until the next call. */
static const char *injected(cotel_baggage *baggage)
{
    static struct carrier carrier;
    memset(&carrier, 0, sizeof carrier);
    cotel_context *context = cotel_context_with_baggage(NULL, baggage);
    ops()->inject(cotel_propagator_baggage(), context, &setter, &carrier);
    cotel_context_unref(context);
    cotel_baggage_unref(baggage);
    return carrier.sent;
}

static cotel_baggage *entry(const char *name, const char *value, const char *metadata)
{
    const cotel_baggage_entry one = {cotel_str_of(name), cotel_str_of(value),
                                     cotel_str_of(metadata)};
    return cotel_baggage_set_entry(NULL, &one);
}

static cotel_propagation_counts counts_before;

static int remember_counts(void **state)
{
    counts_before.size = sizeof counts_before;
    cotel_propagation_stats(&counts_before);
    return 0;
}

static void expect_counts(uint64_t malformed, uint64_t over_limit)
{
    cotel_propagation_counts now = {.size = sizeof now};
    cotel_propagation_stats(&now);
    assert_int_equal(now.malformed - counts_before.malformed, malformed);
    assert_int_equal(now.over_limit - counts_before.over_limit, over_limit);
}

/* What comes in, and what of it goes on. */
struct header_pair {
    const char *in, *out;
};

static void expect_pairs(const struct header_pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *out = injected(extract(pairs[i].in));
        if (strcmp(out, pairs[i].out) != 0)
            fail_msg("\"%s\" went on as \"%s\"", pairs[i].in, out);
    }
}

/* ---- tests ---- */

static void what_is_well_formed_goes_on(void **state)
{
    static const struct header_pair pairs[] = {
        {"a=1", "a=1"},
        {"a=1,b=2", "a=1,b=2"},
        {"a=", "a="},
        {"a==b=c=", "a==b=c="},
        {"A=1,a=2", "A=1,a=2"},
        {"!#$%&'*+-.^_`|~0aZ=v", "!#$%&'*+-.^_`|~0aZ=v"},
        {"a=!#$&'()*-./:<=>?@[]^_`{|}~", "a=!#$&'()*-./:<=>?@[]^_`{|}~"},
        {" a \t = \t 1 \t , \tb\t=\t2 ", "a=1,b=2"},
        {"a=1;p;q=2;q=3", "a=1;p;q=2;q=3"},
        {"a=1 ; p ;\tq = 2 , b=2", "a=1;p;q=2,b=2"},
        {"a=1;p=;q==x=", "a=1;p=;q==x="},
        {"a=1;p=%20%2c+", "a=1;p=%20%2c+"},
        {"a=1;p%20q", "a=1;p%20q"},
    };
    expect_pairs(pairs, COUNT_OF(pairs));
    expect_counts(0, 0);
}

static void empty_members_and_properties_are_skipped(void **state)
{
    static const struct header_pair pairs[] = {
        {"", ""},
        {" ", ""},
        {",", ""},
        {" , \t,", ""},
        {",,a=1,,b=2,", "a=1,b=2"},
        {"a=1;", "a=1"},
        {"a=1;;p; ;", "a=1;p"},
    };
    expect_pairs(pairs, COUNT_OF(pairs));
    expect_counts(0, 0);
}

static void malformed_members_are_left_out_and_counted(void **state)
{
    static const struct header_pair pairs[] = {
        {"a", ""},      {"=1", ""},         {" =1", ""},      {"a;p=1", ""},   {"a b=1", ""},
        {"a(b)=1", ""}, {"\xc3\xa4=1", ""}, {"a=b c", ""},    {"a=\"b\"", ""}, {"a=b\\c", ""},
        {"a=\x7f", ""}, {"a=\xc3\xa4", ""}, {"a=b\r\nc", ""}, {";a=1", ""},
    };
    expect_pairs(pairs, COUNT_OF(pairs));
    expect_counts(COUNT_OF(pairs), 0);
}

static void what_is_beside_a_malformed_member_goes_on(void **state)
{
    static const struct header_pair pairs[] = {{"a=1,b,c=3", "a=1,c=3"}, {"=,c=3;p", "c=3;p"}};
    expect_pairs(pairs, COUNT_OF(pairs));
    expect_counts(2, 0);
}

static void properties_are_made_to_fit_the_grammar(void **state)
{
    static const struct header_pair pairs[] = {
        {"a=1;p=x y", "a=1;p=x%20y"},
        {"a=1;p=\"x\\\xc3\xa4\"", "a=1;p=%22x%5C%C3%A4%22"},
        {"a=1;=x;p q;r", "a=1;r"}, /* two that are none */
    };
    expect_pairs(pairs, COUNT_OF(pairs));
    expect_counts(2, 0);
}

#define assert_entry(baggage, name, expected)                                   \
    do {                                                                        \
        cotel_baggage_entry entry_;                                             \
        assert_true(cotel_baggage_get((baggage), cotel_str_of(name), &entry_)); \
        assert_str_is(entry_.value, expected);                                  \
    } while (0)

static void values_are_decoded_and_names_are_not(void **state)
{
    static const struct header_pair pairs[] = {
        {"a=DF%2028", "DF 28"},
        {"a=Am%C3%A9lie", "Am\xc3\xa9lie"},
        {"a=%41%3b%2C", "A;,"},
        {"a=%F0%9F%92%BC", "\xf0\x9f\x92\xbc"},
        {"a=1+2", "1+2"},
        {"a=%2541", "%41"},
        {"a=100%", "100%"},
        {"a=%4", "%4"},
        {"a=%zz%4g%g4", "%zz%4g%g4"},
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        cotel_baggage *baggage = extract(pairs[i].in);
        assert_entry(baggage, "a", pairs[i].out);
        cotel_baggage_unref(baggage);
    }
    cotel_baggage *baggage = extract("%61=1");
    assert_entry(baggage, "%61", "1");
    cotel_baggage_unref(baggage);
}

static void what_decodes_to_no_utf8_is_replaced(void **state)
{
    cotel_baggage *baggage = extract("a=x%FFy,b=%C3,c=%E2%82");
    assert_entry(baggage, "a", "x\xef\xbf\xbdy");
    assert_entry(baggage, "b", "\xef\xbf\xbd");
    assert_entry(baggage, "c", "\xef\xbf\xbd");
    assert_string_equal(injected(baggage), "a=x%EF%BF%BDy,b=%EF%BF%BD,c=%EF%BF%BD");
}

static void what_is_no_baggage_octet_is_encoded(void **state)
{
    assert_string_equal(injected(entry("a", " \",;\\%+\x7f\t\n\xc3\xa4", "")),
                        "a=%20%22%2C%3B%5C%25%2B%7F%09%0A%C3%A4");
    const cotel_baggage_entry nul = {cotel_str_of("a"), cotel_str_n("\0", 1), {NULL, 0}};
    assert_string_equal(injected(cotel_baggage_set_entry(NULL, &nul)), "a=%00");
}

static void every_byte_comes_back(void **state)
{
    char value[2] = "", name[2] = "a";
    for (int c = 1; c < 0x80; c++) {
        value[0] = (char)c;
        cotel_baggage *back = extract(injected(entry(name, value, "")));
        assert_entry(back, "a", value);
        cotel_baggage_unref(back);
    }
}

static void names_that_are_no_tokens_stay_here(void **state)
{
    assert_string_equal(injected(entry("a b", "1", "")), "");
    assert_string_equal(injected(entry("\xc3\xa4", "1", "")), "");
    cotel_baggage *two = cotel_baggage_set(NULL, "a,b=2;c", "1");
    cotel_baggage *three = cotel_baggage_set(two, "good", "2");
    cotel_baggage_unref(two);
    assert_string_equal(injected(three), "good=2");
    expect_counts(3, 0);
}

static void metadata_cannot_break_out_of_its_member(void **state)
{
    assert_string_equal(injected(entry("a", "1", "p=2,b=3")), "a=1;p=2%2Cb=3");
    assert_string_equal(injected(entry("a", "1", "p=2\r\nx: y")), "a=1;p=2%0D%0Ax:%20y");
    expect_counts(0, 0);
    assert_string_equal(injected(entry("a", "1", "p,b")), "a=1");
    expect_counts(1, 0);
}

static void several_headers_are_one(void **state)
{
    struct carrier carrier = {.headers = {"a=1", " b=2 , c=3", ""}};
    cotel_context *context = extract_over(cotel_context_empty(), &carrier);
    assert_string_equal(injected(cotel_context_baggage(context)), "a=1,b=2,c=3");
    cotel_context_unref(context);
}

static void of_equal_names_the_later_one_counts(void **state)
{
    assert_string_equal(injected(extract("a=1;p,b=2,a=3;q")), "a=3;q,b=2");
    struct carrier carrier = {.headers = {"a=1,b=2", "a=3"}};
    cotel_context *context = extract_over(cotel_context_empty(), &carrier);
    assert_string_equal(injected(cotel_context_baggage(context)), "a=3,b=2");
    cotel_context_unref(context);
}

static void what_is_read_is_laid_over_what_is_there(void **state)
{
    cotel_baggage *local = extract("a=1;p,b=2");
    cotel_context *base = cotel_context_with_baggage(cotel_context_empty(), local);
    struct carrier carrier = {.headers = {"c=3,a=4"}};
    cotel_context *context = extract_over(base, &carrier);
    assert_string_equal(injected(cotel_context_baggage(context)), "a=4,b=2,c=3");
    assert_string_equal(injected(local), "a=1;p,b=2");
    cotel_context_unref(context);
    cotel_context_unref(base);
}

static void without_a_good_member_the_context_stays(void **state)
{
    static const char *const headers[] = {NULL, "", ",", "bad", "=,=", ";"};
    cotel_baggage *local = cotel_baggage_set(NULL, "a", "1");
    cotel_context *base = cotel_context_with_baggage(cotel_context_empty(), local);
    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        struct carrier carrier = {.headers = {headers[i]}};
        cotel_context *context = extract_over(base, &carrier);
        assert_ptr_equal(context, base);
        cotel_context_unref(context);
    }
    cotel_context_unref(base);
    cotel_baggage_unref(local);
}

static void the_span_of_the_context_stays(void **state)
{
    cotel_span span = sample_span(1);
    cotel_context *base = cotel_context_with_span(cotel_context_empty(), &span);
    struct carrier carrier = {.headers = {"a=1"}};
    cotel_context *context = extract_over(base, &carrier);
    assert_true(same_span_id(cotel_context_span_pointer(context), &span));
    cotel_context_unref(context);
    cotel_context_unref(base);
}

static void without_entries_nothing_is_sent(void **state)
{
    struct carrier carrier = {.sent_count = 0};
    ops()->inject(cotel_propagator_baggage(), cotel_context_empty(), &setter, &carrier);
    ops()->inject(cotel_propagator_baggage(), NULL, &setter, &carrier);
    cotel_baggage *unsendable = cotel_baggage_set(NULL, "a b", "1");
    cotel_context *context = cotel_context_with_baggage(NULL, unsendable);
    ops()->inject(cotel_propagator_baggage(), context, &setter, &carrier);
    assert_int_equal(carrier.sent_count, 0);
    cotel_context_unref(context);
    cotel_baggage_unref(unsendable);
}

/* ---- limits ---- */

/* `count` members of the form "NN=VALUE", with commas; yours to free. */
static char *members(size_t count, const char *value)
{
    char *text = calloc(count + 1, strlen(value) + sizeof "000=,");
    assert_non_null(text);
    for (size_t i = 0, size = 0; i < count; i++)
        size += (size_t)sprintf(text + size, "%s%03zu=%s", i > 0 ? "," : "", i, value);
    return text;
}

static void all_64_members_go_on_and_no_more(void **state)
{
    char *most = members(COTEL_BAGGAGE_HEADER_MAX_MEMBERS, "value");
    assert_string_equal(injected(extract(most)), most);
    expect_counts(0, 0);
    char *more = members(COTEL_BAGGAGE_HEADER_MAX_MEMBERS + 2, "value");
    assert_string_equal(injected(extract(more)), most);
    expect_counts(0, 2);
    free(more);
    free(most);
}

static void a_65th_member_that_is_set_here_is_not_sent(void **state)
{
    char *most = members(COTEL_BAGGAGE_HEADER_MAX_MEMBERS, "value");
    cotel_baggage *read = extract(most);
    cotel_baggage *more = cotel_baggage_set(read, "more", "1");
    assert_int_equal(cotel_baggage_count(more), COTEL_BAGGAGE_HEADER_MAX_MEMBERS + 1);
    assert_string_equal(injected(more), most);
    expect_counts(0, 1);
    cotel_baggage_unref(read);
    free(most);
}

static void a_name_again_is_none_more(void **state)
{
    char *most = members(COTEL_BAGGAGE_HEADER_MAX_MEMBERS, "value");
    struct carrier carrier = {.headers = {most, "000=new,000=newer"}};
    cotel_context *context = extract_over(cotel_context_empty(), &carrier);
    cotel_baggage *baggage = cotel_context_baggage(context);
    assert_entry(baggage, "000", "newer");
    expect_counts(0, 0);
    cotel_baggage_unref(baggage);
    cotel_context_unref(context);
    free(most);
}

/* One member of `size` bytes. */
static char *member_of(size_t size)
{
    char *text = malloc(size + 1);
    assert_non_null(text);
    memset(text, 'v', size);
    memcpy(text, "a=", 2);
    text[size] = '\0';
    return text;
}

static void all_8192_bytes_go_on_and_no_more(void **state)
{
    char *most = member_of(COTEL_BAGGAGE_HEADER_MAX_SIZE);
    assert_string_equal(injected(extract(most)), most);
    expect_counts(0, 0);
    char *more = member_of(COTEL_BAGGAGE_HEADER_MAX_SIZE + 1);
    assert_null(extract(more));
    expect_counts(0, 1);
    assert_string_equal(injected(cotel_baggage_set(NULL, "a", more + 2)), "");
    expect_counts(0, 2);
    free(more);
    free(most);
}

static void commas_and_properties_count_and_white_space_does_not(void **state)
{
    enum { REST = sizeof ",b=2;p=3" - 1 };
    char *big = member_of(COTEL_BAGGAGE_HEADER_MAX_SIZE - REST);
    struct carrier carrier = {.headers = {big, " \t b \t = \t 2 \t ; \t p \t = 3 ; \t"}};
    cotel_context *context = extract_over(cotel_context_empty(), &carrier);
    assert_int_equal(strlen(injected(cotel_context_baggage(context))),
                     COTEL_BAGGAGE_HEADER_MAX_SIZE);
    cotel_context_unref(context);
    expect_counts(0, 0);

    carrier.headers[1] = "b=2;p=34";
    context = extract_over(cotel_context_empty(), &carrier);
    assert_string_equal(injected(cotel_context_baggage(context)), big);
    cotel_context_unref(context);
    expect_counts(0, 1);
    free(big);
}

static void a_member_that_fits_goes_behind_one_that_does_not(void **state)
{
    char *more = member_of(COTEL_BAGGAGE_HEADER_MAX_SIZE + 1);
    struct carrier carrier = {.headers = {more, "b=2"}};
    cotel_context *context = extract_over(cotel_context_empty(), &carrier);
    assert_string_equal(injected(cotel_context_baggage(context)), "b=2");
    cotel_context_unref(context);
    cotel_baggage *big = cotel_baggage_set(NULL, "a", more);
    assert_string_equal(injected(cotel_baggage_set(big, "b", "2")), "b=2");
    cotel_baggage_unref(big);
    expect_counts(0, 2);
    free(more);
}

static void encoding_counts_for_the_limit(void **state)
{
    char *text = member_of(COTEL_BAGGAGE_HEADER_MAX_SIZE);
    text[COTEL_BAGGAGE_HEADER_MAX_SIZE - 1] = ' ';
    assert_string_equal(injected(cotel_baggage_set(NULL, "a", text + 2)), "");
    expect_counts(0, 1);
    text[COTEL_BAGGAGE_HEADER_MAX_SIZE - 3] = ' ';
    text[COTEL_BAGGAGE_HEADER_MAX_SIZE - 2] = '\0';
    assert_int_equal(strlen(injected(cotel_baggage_set(NULL, "a", text + 2))),
                     COTEL_BAGGAGE_HEADER_MAX_SIZE);
    free(text);
}

static void what_no_baggage_holds_any_more_is_counted(void **state)
{
    cotel_baggage *full = NULL;
    for (size_t i = 0; i < COTEL_BAGGAGE_MAX_ENTRIES - 1; i++) {
        char name[16];
        snprintf(name, sizeof name, "key%zu", i);
        cotel_baggage *more = cotel_baggage_set(full, name, "v");
        cotel_baggage_unref(full);
        full = more;
    }
    cotel_context *base = cotel_context_with_baggage(cotel_context_empty(), full);
    struct carrier carrier = {.headers = {"a=1,key5=w,b=2,c=3"}};
    cotel_context *context = extract_over(base, &carrier);
    cotel_baggage *baggage = cotel_context_baggage(context);
    assert_int_equal(cotel_baggage_count(baggage), COTEL_BAGGAGE_MAX_ENTRIES);
    assert_entry(baggage, "a", "1");
    assert_entry(baggage, "key5", "w");
    expect_counts(0, 2);
    cotel_baggage_unref(baggage);
    cotel_context_unref(context);
    cotel_context_unref(base);
    cotel_baggage_unref(full);
}

/* A getter that takes no notice of the index. */
static cotel_str get_for_ever(void *carrier, cotel_str key, size_t index)
{
    return cotel_str_of(carrier);
}

static void a_getter_that_never_ends_does_not_hang(void **state)
{
    const cotel_getter endless = {.size = sizeof endless, .get = get_for_ever};
    char one[] = "a=1", nothing[] = "";
    cotel_context *context =
        ops()->extract(cotel_propagator_baggage(), cotel_context_empty(), &endless, one);
    assert_string_equal(injected(cotel_context_baggage(context)), "a=1");
    cotel_context_unref(context);
    context = ops()->extract(cotel_propagator_baggage(), cotel_context_empty(), &endless, nothing);
    assert_ptr_equal(context, cotel_context_empty());
    expect_counts(0, 2);
}

static void without_its_function_a_carrier_is_left_alone(void **state)
{
    const cotel_propagator *self = cotel_propagator_baggage();
    const cotel_getter no_get = {.size = sizeof no_get}, short_get = {.size = sizeof(size_t)};
    const cotel_setter no_set = {.size = sizeof no_set}, short_set = {.size = sizeof(size_t)};
    cotel_context *none = cotel_context_empty();
    assert_ptr_equal(ops()->extract(self, none, NULL, NULL), none);
    assert_ptr_equal(ops()->extract(self, none, &no_get, NULL), none);
    assert_ptr_equal(ops()->extract(self, none, &short_get, NULL), none);
    cotel_baggage *baggage = cotel_baggage_set(NULL, "a", "1");
    cotel_context *context = cotel_context_with_baggage(none, baggage);
    ops()->inject(self, context, NULL, NULL);
    ops()->inject(self, context, &no_set, NULL);
    ops()->inject(self, context, &short_set, NULL);
    cotel_context_unref(context);
    cotel_baggage_unref(baggage);
}

static void the_field_is_listed(void **state)
{
    assert_string_equal(ops()->field(cotel_propagator_baggage(), 0), "baggage");
    assert_null(ops()->field(cotel_propagator_baggage(), 1));
}

#define COUNTED_TEST(name) cmocka_unit_test_setup(name, remember_counts)

int main(void)
{
    const struct CMUnitTest tests[] = {
        COUNTED_TEST(what_is_well_formed_goes_on),
        COUNTED_TEST(empty_members_and_properties_are_skipped),
        COUNTED_TEST(malformed_members_are_left_out_and_counted),
        COUNTED_TEST(what_is_beside_a_malformed_member_goes_on),
        COUNTED_TEST(properties_are_made_to_fit_the_grammar),
        COUNTED_TEST(values_are_decoded_and_names_are_not),
        COUNTED_TEST(what_decodes_to_no_utf8_is_replaced),
        COUNTED_TEST(what_is_no_baggage_octet_is_encoded),
        COUNTED_TEST(every_byte_comes_back),
        COUNTED_TEST(names_that_are_no_tokens_stay_here),
        COUNTED_TEST(metadata_cannot_break_out_of_its_member),
        COUNTED_TEST(several_headers_are_one),
        COUNTED_TEST(of_equal_names_the_later_one_counts),
        COUNTED_TEST(what_is_read_is_laid_over_what_is_there),
        COUNTED_TEST(without_a_good_member_the_context_stays),
        COUNTED_TEST(the_span_of_the_context_stays),
        COUNTED_TEST(without_entries_nothing_is_sent),
        COUNTED_TEST(all_64_members_go_on_and_no_more),
        COUNTED_TEST(a_65th_member_that_is_set_here_is_not_sent),
        COUNTED_TEST(a_name_again_is_none_more),
        COUNTED_TEST(all_8192_bytes_go_on_and_no_more),
        COUNTED_TEST(commas_and_properties_count_and_white_space_does_not),
        COUNTED_TEST(a_member_that_fits_goes_behind_one_that_does_not),
        COUNTED_TEST(encoding_counts_for_the_limit),
        COUNTED_TEST(what_no_baggage_holds_any_more_is_counted),
        COUNTED_TEST(a_getter_that_never_ends_does_not_hang),
        COUNTED_TEST(without_its_function_a_carrier_is_left_alone),
        COUNTED_TEST(the_field_is_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
