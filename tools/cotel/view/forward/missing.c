/* SPDX-License-Identifier: Apache-2.0 */
/* In place of forwarding where libcurl is missing; the options' check lets none begin. */
#include "view/forward/post.h"

#include <errno.h>

int ct_post_check_url(const char *url)
{
    return ENOTSUP;
}

struct ct_post *ct_post_create(const char *url, uint16_t own_port)
{
    errno = ENOTSUP;
    return NULL;
}

void ct_post_destroy(struct ct_post *post) {}

void ct_post_run(struct ct_post *post, const uint8_t *body, size_t size_bytes,
                 struct ct_post_answer *answer)
{
    *answer = (struct ct_post_answer){.verdict = CT_POST_REFUSED};
}

void ct_post_end_at(struct ct_post *post, int64_t end_ms) {}
