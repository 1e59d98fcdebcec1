/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics as an exposition has them: families of samples. One model for both text formats and for
 * JSON: what is read becomes this, and what is written is made of this.
 *
 * Samples keep the names that they came with. A family has the name that OpenMetrics gives it, so
 * that of a counter is without _total, if its samples end in it. */
#ifndef COTEL_TOOLS_COTEL_METRICS_EXPOSITION_H
#define COTEL_TOOLS_COTEL_METRICS_EXPOSITION_H

#include "view/arena.h"
#include "view/text.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    CT_EXPOSITION_MAX_SAMPLES = 1000 * 1000, /* a line of four bytes takes more than a hundred */
    CT_FAULT_REASON_SIZE = 160
};

enum ct_family_type {
    CT_FAMILY_UNKNOWN,
    CT_FAMILY_GAUGE,
    CT_FAMILY_COUNTER,
    CT_FAMILY_HISTOGRAM,
    CT_FAMILY_GAUGE_HISTOGRAM,
    CT_FAMILY_SUMMARY,
    CT_FAMILY_INFO,
    CT_FAMILY_STATESET
};

struct ct_label {
    struct ct_text name;
    struct ct_text value;
};

struct ct_labels {
    struct ct_label *items;
    size_t count;
};

struct ct_time {
    bool is_known;
    int64_t unix_ns;
};

struct ct_exemplar {
    struct ct_labels labels;
    double value;
    struct ct_time time;
};

struct ct_sample {
    struct ct_text name;
    struct ct_labels labels;
    double value;
    struct ct_time time;
    struct ct_exemplar *exemplar; /* NULL: none */
};

struct ct_family {
    struct ct_text name;
    enum ct_family_type type;
    struct ct_text help;
    struct ct_text unit;
    struct ct_sample *samples;
    size_t sample_count;
    size_t capacity;
};

/* Zeroed is empty. */
struct ct_exposition {
    struct ct_arena arena; /* of all texts and labels */
    struct ct_family *families;
    size_t family_count;
    size_t capacity;
    size_t sample_count;
};

/* Where and why something could not be read. */
struct ct_fault {
    size_t line; /* from 1 on; 0: it is no matter of a line */
    char reason[CT_FAULT_REASON_SIZE];
};

/* Sets the reason; returns false, for callers to return. */
bool ct_fault_set(struct ct_fault *fault, const char *reason);

/* The names that OpenMetrics has for types: "counter". */
const char *ct_family_type_name(enum ct_family_type type);

/* False: there is no type of that name. "untyped" is UNKNOWN. */
bool ct_family_type_of(struct ct_text name, enum ct_family_type *type);

/* A new family of no type; only the one that was added last stays where it is. NULL: memory is out.
 */
struct ct_family *ct_exposition_add(struct ct_exposition *exposition, struct ct_text name);

/* A copy of the sample; what it points to is not copied. False, with the reason: memory is out, or
 * there are too many. */
bool ct_family_add(struct ct_exposition *exposition, struct ct_family *family,
                   const struct ct_sample *sample, struct ct_fault *fault);

/* Text of the arena's, whose first byte is to be set by whoever asked for it. */
char *ct_exposition_text(struct ct_exposition *exposition, size_t size);

/* The label's value; NULL: there is none. */
const struct ct_text *ct_labels_find(const struct ct_labels *labels, const char *name);

bool ct_text_is_same(struct ct_text left, struct ct_text right);
bool ct_text_ends_with(struct ct_text text, const char *ending);

/* What of a sample's name stands behind its family's; NULL data when it does not begin with that.
 */
struct ct_text ct_sample_suffix(const struct ct_family *family, const struct ct_sample *sample);

/* Is there the like in the family's type, "_total" in a counter? */
bool ct_family_has_suffix(enum ct_family_type type, struct ct_text suffix);

/* All that names of samples may have behind those of their families, "" first; NULL behind the
 * last.
 */
const char *ct_suffix_at(size_t index);

void ct_exposition_fini(struct ct_exposition *exposition);

#endif
