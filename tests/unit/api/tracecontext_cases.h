/* SPDX-License-Identifier: Apache-2.0 */
/* What a receiver must make of traceparent and tracestate headers. The cases cover those of the
 * W3C's own suite, under its names, by the rules of Level 2 of the recommendation. */
#ifndef COTEL_TESTS_UNIT_API_TRACECONTEXT_CASES_H
#define COTEL_TESTS_UNIT_API_TRACECONTEXT_CASES_H

#define T "12345678901234567890123456789012"
#define S "1234567890123456"
#define VALID "00-" T "-" S "-01"
#define Z64 "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"
#define Z256 Z64 Z64 Z64 Z64
#define V241 Z64 Z64 Z64 "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"

/* Headers as they come in, in order; the list ends with a NULL name. */
struct header_case {
    const char *name;
    const char *value;
};

struct tracecontext_case {
    const char *name;
    struct header_case headers[6];
    bool accepted;          /* the trace goes on; otherwise a new one starts */
    const char *tracestate; /* NULL: none */
};

#define TRACEPARENT_CASE(name, value, accepted)        \
    {                                                  \
        name, {{"traceparent", value}}, accepted, NULL \
    }
#define TRACESTATE_CASE(name, value, expected)                                \
    {                                                                         \
        name, {{"traceparent", VALID}, {"tracestate", value}}, true, expected \
    }
#define TRACESTATE_PAIR(name, first, second, expected)                                       \
    {                                                                                        \
        name, {{"traceparent", VALID}, {"tracestate", first}, {"tracestate", second}}, true, \
            expected                                                                         \
    }

#define MEMBERS_10(x) \
    x "0=1," x "1=1," x "2=1," x "3=1," x "4=1," x "5=1," x "6=1," x "7=1," x "8=1," x "9=1"
#define MEMBERS_30 MEMBERS_10("a") "," MEMBERS_10("b") "," MEMBERS_10("c")

static const struct tracecontext_case tracecontext_cases[] = {
    {"both_traceparent_and_tracestate_missing", {{NULL, NULL}}, false, NULL},
    TRACEPARENT_CASE("traceparent_included_tracestate_missing", VALID, true),
    {"traceparent_duplicated",
     {{"traceparent", "00-12345678901234567890123456789011-" S "-01"}, {"traceparent", VALID}},
     false,
     NULL},
    {"traceparent_header_name dash", {{"trace-parent", VALID}}, false, NULL},
    {"traceparent_header_name dot", {{"trace.parent", VALID}}, false, NULL},
    {"traceparent_header_name_valid_casing 1", {{"TraceParent", VALID}}, true, NULL},
    {"traceparent_header_name_valid_casing 2", {{"TrAcEpArEnT", VALID}}, true, NULL},
    {"traceparent_header_name_valid_casing 3", {{"TRACEPARENT", VALID}}, true, NULL},
    TRACEPARENT_CASE("traceparent_version_0x00 dot", VALID ".", false),
    TRACEPARENT_CASE("traceparent_version_0x00 more", VALID "-what-the-future", false),
    TRACEPARENT_CASE("traceparent_version_0xcc", "cc-" T "-" S "-01", true),
    TRACEPARENT_CASE("traceparent_version_0xcc more", "cc-" T "-" S "-01-what-the-future", true),
    TRACEPARENT_CASE("traceparent_version_0xcc bare dash", "cc-" T "-" S "-01-", true),
    TRACEPARENT_CASE("traceparent_version_0xcc dot", "cc-" T "-" S "-01.what", false),
    TRACEPARENT_CASE("traceparent_version_0x01", "01-" T "-" S "-01", true),
    TRACEPARENT_CASE("traceparent_version_0xff", "ff-" T "-" S "-01", false),
    TRACEPARENT_CASE("traceparent_version_illegal_characters 1", ".0-" T "-" S "-01", false),
    TRACEPARENT_CASE("traceparent_version_illegal_characters 2", "0.-" T "-" S "-01", false),
    TRACEPARENT_CASE("traceparent_version_illegal_characters 3", "CC-" T "-" S "-01", false),
    TRACEPARENT_CASE("traceparent_version_too_long 3", "000-" T "-" S "-01", false),
    TRACEPARENT_CASE("traceparent_version_too_long 4", "0000-" T "-" S "-01", false),
    TRACEPARENT_CASE("traceparent_version_too_short", "0-" T "-" S "-01", false),
    TRACEPARENT_CASE("traceparent_trace_id_all_zero",
                     "00-00000000000000000000000000000000-" S "-01", false),
    TRACEPARENT_CASE("traceparent_trace_id_illegal_characters 1",
                     "00-.2345678901234567890123456789012-" S "-01", false),
    TRACEPARENT_CASE("traceparent_trace_id_illegal_characters 2",
                     "00-1234567890123456789012345678901.-" S "-01", false),
    TRACEPARENT_CASE("traceparent_trace_id_illegal_characters upper case",
                     "00-A2345678901234567890123456789012-" S "-01", false),
    TRACEPARENT_CASE("traceparent_trace_id_too_long", "00-" T "3-" S "-01", false),
    TRACEPARENT_CASE("traceparent_trace_id_too_short",
                     "00-1234567890123456789012345678901-" S "-01", false),
    TRACEPARENT_CASE("traceparent_parent_id_all_zero", "00-" T "-0000000000000000-01", false),
    TRACEPARENT_CASE("traceparent_parent_id_illegal_characters 1", "00-" T "-.234567890123456-01",
                     false),
    TRACEPARENT_CASE("traceparent_parent_id_illegal_characters 2", "00-" T "-123456789012345.-01",
                     false),
    TRACEPARENT_CASE("traceparent_parent_id_illegal_characters upper case",
                     "00-" T "-A234567890123456-01", false),
    TRACEPARENT_CASE("traceparent_parent_id_too_long", "00-" T "-" S "7-01", false),
    TRACEPARENT_CASE("traceparent_parent_id_too_short", "00-" T "-123456789012345-01", false),
    TRACEPARENT_CASE("traceparent_trace_flags_illegal_characters 1", "00-" T "-" S "-.0", false),
    TRACEPARENT_CASE("traceparent_trace_flags_illegal_characters 2", "00-" T "-" S "-0.", false),
    TRACEPARENT_CASE("traceparent_trace_flags_illegal_characters 3", "00-" T "-" S "-0A", false),
    TRACEPARENT_CASE("traceparent_trace_flags_too_long", "00-" T "-" S "-001", false),
    TRACEPARENT_CASE("traceparent_trace_flags_too_short", "00-" T "-" S "-1", false),
    TRACEPARENT_CASE("traceparent_ows_handling 1", " " VALID, true),
    TRACEPARENT_CASE("traceparent_ows_handling 2", "\t" VALID, true),
    TRACEPARENT_CASE("traceparent_ows_handling 3", VALID " ", true),
    TRACEPARENT_CASE("traceparent_ows_handling 4", VALID "\t", true),
    TRACEPARENT_CASE("traceparent_ows_handling 5", "\t " VALID " \t", true),
    TRACEPARENT_CASE("traceparent_empty", "", false),
    TRACEPARENT_CASE("traceparent_only_white_space", " \t ", false),
    TRACEPARENT_CASE("traceparent_other_separators", "00_" T "-" S "-01", false),
    {"tracestate_included_traceparent_missing", {{"tracestate", "foo=1"}}, false, NULL},
    {"tracestate_beside_bad_traceparent",
     {{"traceparent", "ff-" T "-" S "-01"}, {"tracestate", "foo=1"}},
     false,
     NULL},
    TRACESTATE_CASE("tracestate_included_traceparent_included", "foo=1,bar=2", "foo=1,bar=2"),
    {"tracestate_header_name dash", {{"traceparent", VALID}, {"trace-state", "foo=1"}}, true, NULL},
    {"tracestate_header_name dot", {{"traceparent", VALID}, {"trace.state", "foo=1"}}, true, NULL},
    {"tracestate_header_name_valid_casing",
     {{"traceparent", VALID}, {"TrAcEsTaTe", "foo=1"}},
     true,
     "foo=1"},
    TRACESTATE_CASE("tracestate_empty_header", "", NULL),
    TRACESTATE_PAIR("tracestate_empty_header last", "foo=1", "", "foo=1"),
    TRACESTATE_PAIR("tracestate_empty_header first", "", "foo=1", "foo=1"),
    {"tracestate_multiple_headers_different_keys",
     {{"traceparent", VALID},
      {"tracestate", "foo=1,bar=2"},
      {"tracestate", "rojo=1,congo=2"},
      {"tracestate", "baz=3"}},
     true,
     "foo=1,bar=2,rojo=1,congo=2,baz=3"},
    TRACESTATE_CASE("tracestate_duplicated_keys same", "foo=1,foo=1", "foo=1"),
    TRACESTATE_CASE("tracestate_duplicated_keys other", "foo=1,foo=2", "foo=1"),
    TRACESTATE_PAIR("tracestate_duplicated_keys in two", "foo=1", "foo=2", "foo=1"),
    TRACESTATE_CASE("tracestate_all_allowed_characters key", "az09_-*/@az=1", "az09_-*/@az=1"),
    TRACESTATE_CASE("tracestate_all_allowed_characters value", "k= !\"#~;<>?@[\\]^_`{|}",
                    "k= !\"#~;<>?@[\\]^_`{|}"),
    TRACESTATE_CASE("tracestate_ows_handling 1", "foo=1 \t , \t bar=2, \t baz=3",
                    "foo=1,bar=2,baz=3"),
    TRACESTATE_CASE("tracestate_ows_handling 2", "\t foo=1 \t", "foo=1"),
    TRACESTATE_CASE("tracestate_key_illegal_characters 1", "foo =1", NULL),
    TRACESTATE_CASE("tracestate_key_illegal_characters 2", "FOO=1", NULL),
    TRACESTATE_CASE("tracestate_key_illegal_characters 3", "foo.bar=1", NULL),
    TRACESTATE_CASE("tracestate_key_illegal_vendor_format", "@foo=1,bar=2", NULL),
    TRACESTATE_CASE("tracestate_key_vendor_format_level_2", "foo@=1,a@@b=2", "foo@=1,a@@b=2"),
    TRACESTATE_PAIR("tracestate_member_count_limit 32", MEMBERS_30, "x=1,y=1",
                    MEMBERS_30 ",x=1,y=1"),
    TRACESTATE_PAIR("tracestate_member_count_limit 33", MEMBERS_30, "x=1,y=1,z=1", NULL),
    TRACESTATE_PAIR("tracestate_key_length_limit 256", "foo=1", Z256 "=1", "foo=1," Z256 "=1"),
    TRACESTATE_PAIR("tracestate_key_length_limit 257", "foo=1", Z256 "z=1", NULL),
    TRACESTATE_PAIR("tracestate_key_length_limit tenant", "foo=1", V241 "@vvvvvvvvvvvvvv=1",
                    "foo=1," V241 "@vvvvvvvvvvvvvv=1"),
    TRACESTATE_CASE("tracestate_value_length_limit 256", "foo=" Z256, "foo=" Z256),
    TRACESTATE_CASE("tracestate_value_length_limit 257", "foo=" Z256 "z", NULL),
    TRACESTATE_CASE("tracestate_value_illegal_characters 1", "foo=bar=baz", NULL),
    TRACESTATE_CASE("tracestate_value_illegal_characters 2", "foo=,bar=3", NULL),
};

#endif
