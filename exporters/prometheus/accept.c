/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/prometheus/accept.h"

#include "exporters/prometheus/header_list.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define FULL_WEIGHT 1000

/* ---- Accept ---- */

/* What there is, the preferred first among those that one range covers. */
static const struct kind {
    const char *type;
    const char *subtype;
    const char *version;
    cotel_prometheus_format format;
    cotel_prometheus_version number;
} kinds[] = {
    {"text", "plain", "0.0.4", COTEL_PROMETHEUS_TEXT, COTEL_PROMETHEUS_VERSION_0_0_4},
    {"text", "plain", "1.0.0", COTEL_PROMETHEUS_TEXT, COTEL_PROMETHEUS_VERSION_1_0_0},
    {"application", "openmetrics-text", "1.0.0", COTEL_PROMETHEUS_OPENMETRICS,
     COTEL_PROMETHEUS_VERSION_1_0_0},
    {"application", "openmetrics-text", "0.0.1", COTEL_PROMETHEUS_OPENMETRICS,
     COTEL_PROMETHEUS_VERSION_0_0_1},
};

/* A member of the header. */
struct range {
    cotel_str type;
    cotel_str subtype;
    cotel_str version; /* without data: it says none */
    cotel_prometheus_escaping escaping;
    int weight; /* -1: it can't be read */
};

/* What the header says of one kind. */
struct verdict {
    int specificity; /* 0: nothing */
    int weight;
    size_t position; /* of the range among all */
    cotel_prometheus_escaping escaping;
};

/* A scheme that is not known is the one that everybody understands. */
static cotel_prometheus_escaping read_escaping(cotel_str name)
{
    /* Documentation has had it in the second spelling. */
    if (ct_header_is(name, "allow-utf-8") || ct_header_is(name, "allow-utf8"))
        return COTEL_PROMETHEUS_ALLOW_UTF8;
    if (ct_header_is(name, "dots"))
        return COTEL_PROMETHEUS_ESCAPE_DOTS;
    if (ct_header_is(name, "values"))
        return COTEL_PROMETHEUS_ESCAPE_VALUES;
    return COTEL_PROMETHEUS_ESCAPE_UNDERSCORES;
}

static void read_media(cotel_str media, struct range *range)
{
    size_t slash = 0;
    while (slash < media.size && media.data[slash] != '/')
        slash++;
    range->type = cotel_str_n(media.data, slash);
    range->subtype = slash < media.size
                         ? cotel_str_n(media.data + slash + 1, media.size - slash - 1)
                         : cotel_str_n(media.data, 0);
}

static struct range read_range(cotel_str member)
{
    struct range range = {.escaping = COTEL_PROMETHEUS_ESCAPE_UNDERSCORES, .weight = FULL_WEIGHT};
    cotel_str parameters, name, value;
    read_media(ct_header_split_member(member, &parameters), &range);
    while (ct_header_next_parameter(&parameters, &name, &value)) {
        if (ct_header_is(name, "q"))
            range.weight = ct_header_weight(value);
        else if (ct_header_is(name, "version"))
            range.version = value;
        else if (ct_header_is(name, "escaping"))
            range.escaping = read_escaping(value);
    }
    return range;
}

/* How closely a range describes a kind; 0: it does not. */
static int specificity(const struct range *range, const struct kind *kind)
{
    bool any_subtype = ct_header_is(range->subtype, "*");
    if (any_subtype && ct_header_is(range->type, "*"))
        return 1;
    if (!ct_header_is(range->type, kind->type))
        return 0;
    if (any_subtype)
        return 2;
    if (!ct_header_is(range->subtype, kind->subtype))
        return 0;
    if (!range->version.data)
        return 3;
    return ct_header_is(range->version, kind->version) ? 4 : 0;
}

/* Of ranges that are as specific as each other the heavier one speaks. */
static void consider(struct verdict *verdict, const struct kind *kind, const struct range *range,
                     size_t position)
{
    int closeness = specificity(range, kind);
    if (closeness == 0 || closeness < verdict->specificity)
        return;
    if (closeness == verdict->specificity && range->weight <= verdict->weight)
        return;
    *verdict = (struct verdict){closeness, range->weight, position, range->escaping};
}

static bool is_better(const struct verdict *verdict, const struct verdict *best)
{
    if (verdict->weight != best->weight)
        return verdict->weight > best->weight;
    return verdict->position < best->position;
}

/* The one to take; NULL: none is accepted. */
static const struct verdict *choose(const struct verdict verdicts[ARRAY_SIZE(kinds)])
{
    const struct verdict *best = NULL;
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        if (verdicts[i].weight > 0 && (!best || is_better(&verdicts[i], best)))
            best = &verdicts[i];
    }
    return best;
}

struct ct_prom_wanted ct_prom_accept(cotel_str header)
{
    struct verdict verdicts[ARRAY_SIZE(kinds)] = {{0}};
    cotel_str member;
    for (size_t position = 0; ct_header_next_member(&header, &member); position++) {
        struct range range = read_range(member);
        for (size_t i = 0; range.weight >= 0 && i < ARRAY_SIZE(kinds); i++)
            consider(&verdicts[i], &kinds[i], &range, position);
    }
    const struct verdict *best = choose(verdicts);
    const struct kind *kind = best ? &kinds[best - verdicts] : &kinds[0];
    cotel_prometheus_escaping escaping =
        best ? best->escaping : COTEL_PROMETHEUS_ESCAPE_UNDERSCORES;
    return (struct ct_prom_wanted){kind->format, kind->number, escaping};
}

/* ---- Accept-Encoding ---- */

static int read_weight(cotel_str parameters)
{
    int weight = FULL_WEIGHT;
    cotel_str name, value;
    while (ct_header_next_parameter(&parameters, &name, &value)) {
        if (ct_header_is(name, "q"))
            weight = ct_header_weight(value);
    }
    return weight;
}

bool ct_prom_accepts_gzip(cotel_str header)
{
    int gzip = -1, identity = -1, any = -1;
    cotel_str member, parameters;
    while (ct_header_next_member(&header, &member)) {
        cotel_str coding = ct_header_split_member(member, &parameters);
        int weight = read_weight(parameters);
        if (ct_header_is(coding, "gzip") || ct_header_is(coding, "x-gzip"))
            gzip = weight;
        else if (ct_header_is(coding, "identity"))
            identity = weight;
        else if (ct_header_is(coding, "*"))
            any = weight;
    }
    if (gzip < 0)
        gzip = any;
    return gzip > 0 && gzip >= identity;
}
