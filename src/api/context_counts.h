/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens and values that went wrong, for cotel_context_stats(). Counted on error paths only. */
#ifndef COTEL_SRC_API_CONTEXT_COUNTS_H
#define COTEL_SRC_API_CONTEXT_COUNTS_H

enum ct_context_mishap {
    CT_CONTEXT_OUT_OF_ORDER,
    CT_CONTEXT_WRONG_THREAD,
    CT_CONTEXT_ALREADY_DETACHED,
    CT_CONTEXT_NOT_ATTACHED,
    CT_CONTEXT_NOT_STORED,
    CT_CONTEXT_MISHAPS
};

void ct_context_count(enum ct_context_mishap mishap);

#endif
