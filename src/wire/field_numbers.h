/* SPDX-License-Identifier: Apache-2.0 */
/* Field numbers of the OTLP messages that cotel writes and reads itself; proto/ has the schema that
 * a test compares with the published one. */
#ifndef COTEL_SRC_WIRE_FIELD_NUMBERS_H
#define COTEL_SRC_WIRE_FIELD_NUMBERS_H

enum ct_field_key_value { CT_KEY_VALUE_KEY = 1, CT_KEY_VALUE_VALUE = 2 };

enum ct_field_any_value {
    CT_ANY_VALUE_STRING = 1,
    CT_ANY_VALUE_BOOL = 2,
    CT_ANY_VALUE_INT = 3,
    CT_ANY_VALUE_DOUBLE = 4,
    CT_ANY_VALUE_ARRAY = 5,
    CT_ANY_VALUE_MAP = 6,
    CT_ANY_VALUE_BYTES = 7
};

/* ArrayValue.values and KeyValueList.values. */
enum ct_field_values { CT_VALUES = 1 };

enum ct_field_scope { CT_SCOPE_NAME = 1, CT_SCOPE_VERSION = 2, CT_SCOPE_ATTRIBUTES = 3 };

enum ct_field_resource { CT_RESOURCE_ATTRIBUTES = 1, CT_RESOURCE_ENTITY_REFS = 3 };

enum ct_field_entity_ref {
    CT_ENTITY_REF_SCHEMA_URL = 1,
    CT_ENTITY_REF_TYPE = 2,
    CT_ENTITY_REF_ID_KEYS = 3,
    CT_ENTITY_REF_DESCRIPTION_KEYS = 4
};

enum ct_field_span {
    CT_SPAN_TRACE_ID = 1,
    CT_SPAN_SPAN_ID = 2,
    CT_SPAN_TRACE_STATE = 3,
    CT_SPAN_PARENT_SPAN_ID = 4,
    CT_SPAN_NAME = 5,
    CT_SPAN_KIND = 6,
    CT_SPAN_START_TIME = 7,
    CT_SPAN_END_TIME = 8,
    CT_SPAN_ATTRIBUTES = 9,
    CT_SPAN_DROPPED_ATTRIBUTES = 10,
    CT_SPAN_EVENTS = 11,
    CT_SPAN_DROPPED_EVENTS = 12,
    CT_SPAN_LINKS = 13,
    CT_SPAN_DROPPED_LINKS = 14,
    CT_SPAN_STATUS = 15,
    CT_SPAN_FLAGS = 16
};

enum ct_field_event {
    CT_EVENT_TIME = 1,
    CT_EVENT_NAME = 2,
    CT_EVENT_ATTRIBUTES = 3,
    CT_EVENT_DROPPED_ATTRIBUTES = 4
};

enum ct_field_link {
    CT_LINK_TRACE_ID = 1,
    CT_LINK_SPAN_ID = 2,
    CT_LINK_TRACE_STATE = 3,
    CT_LINK_ATTRIBUTES = 4,
    CT_LINK_DROPPED_ATTRIBUTES = 5,
    CT_LINK_FLAGS = 6
};

enum ct_field_status { CT_STATUS_MESSAGE = 2, CT_STATUS_CODE = 3 };

/* ScopeSpans.spans and ScopeMetrics.metrics: what stands before each record of a batch. */
enum ct_field_scope_records { CT_SCOPE_RECORDS = 2 };

/* What a metric's data is has the numbers of cotel_metric_type. */
enum ct_field_metric { CT_METRIC_NAME = 1, CT_METRIC_DESCRIPTION = 2, CT_METRIC_UNIT = 3 };

/* Of Gauge, Sum, Histogram, ExponentialHistogram and Summary, as far as they have it. */
enum ct_field_metric_points {
    CT_METRIC_POINTS = 1,
    CT_METRIC_TEMPORALITY = 2,
    CT_METRIC_IS_MONOTONIC = 3
};

/* What all points have under the same number. */
enum ct_field_point { CT_POINT_START_TIME = 2, CT_POINT_TIME = 3 };

enum ct_field_number_point {
    CT_NUMBER_POINT_DOUBLE = 4,
    CT_NUMBER_POINT_EXEMPLARS = 5,
    CT_NUMBER_POINT_INT = 6,
    CT_NUMBER_POINT_ATTRIBUTES = 7,
    CT_NUMBER_POINT_FLAGS = 8
};

enum ct_field_histogram_point {
    CT_HISTOGRAM_POINT_COUNT = 4,
    CT_HISTOGRAM_POINT_SUM = 5,
    CT_HISTOGRAM_POINT_BUCKET_COUNTS = 6,
    CT_HISTOGRAM_POINT_BOUNDARIES = 7,
    CT_HISTOGRAM_POINT_EXEMPLARS = 8,
    CT_HISTOGRAM_POINT_ATTRIBUTES = 9,
    CT_HISTOGRAM_POINT_FLAGS = 10,
    CT_HISTOGRAM_POINT_MIN = 11,
    CT_HISTOGRAM_POINT_MAX = 12
};

enum ct_field_exponential_point {
    CT_EXPONENTIAL_POINT_ATTRIBUTES = 1,
    CT_EXPONENTIAL_POINT_COUNT = 4,
    CT_EXPONENTIAL_POINT_SUM = 5,
    CT_EXPONENTIAL_POINT_SCALE = 6,
    CT_EXPONENTIAL_POINT_ZERO_COUNT = 7,
    CT_EXPONENTIAL_POINT_POSITIVE = 8,
    CT_EXPONENTIAL_POINT_NEGATIVE = 9,
    CT_EXPONENTIAL_POINT_FLAGS = 10,
    CT_EXPONENTIAL_POINT_EXEMPLARS = 11,
    CT_EXPONENTIAL_POINT_MIN = 12,
    CT_EXPONENTIAL_POINT_MAX = 13,
    CT_EXPONENTIAL_POINT_ZERO_THRESHOLD = 14
};

/* ExponentialHistogramDataPoint.Buckets. */
enum ct_field_buckets { CT_BUCKETS_OFFSET = 1, CT_BUCKETS_COUNTS = 2 };

enum ct_field_summary_point {
    CT_SUMMARY_POINT_COUNT = 4,
    CT_SUMMARY_POINT_SUM = 5,
    CT_SUMMARY_POINT_QUANTILES = 6,
    CT_SUMMARY_POINT_ATTRIBUTES = 7,
    CT_SUMMARY_POINT_FLAGS = 8
};

enum ct_field_quantile { CT_QUANTILE_QUANTILE = 1, CT_QUANTILE_VALUE = 2 };

enum ct_field_exemplar {
    CT_EXEMPLAR_TIME = 2,
    CT_EXEMPLAR_DOUBLE = 3,
    CT_EXEMPLAR_SPAN_ID = 4,
    CT_EXEMPLAR_TRACE_ID = 5,
    CT_EXEMPLAR_INT = 6,
    CT_EXEMPLAR_ATTRIBUTES = 7
};

#endif
