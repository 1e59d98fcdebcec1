/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as text: repaired they are valid, of the size that was foretold, and valid text stays
 * as it is. */
#include "base/utf8.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    size_t max_chars = take_byte(&input);
    max_chars = max_chars == UINT8_MAX ? SIZE_MAX : max_chars;
    const char *text = (const char *)input.at;

    size_t foretold = ct_utf8_repaired_size(text, input.left, max_chars);
    MUST(foretold <= input.left * CT_UTF8_REPAIR_GROWTH);
    uint8_t *out = malloc(foretold ? foretold : 1);
    MUST(out);
    size_t written = ct_utf8_repair(out, text, input.left, max_chars);
    MUST(written == foretold);
    MUST(ct_utf8_is_valid((const char *)out, written));
    if (max_chars == SIZE_MAX)
        MUST(ct_utf8_same_repaired(text, input.left, (const char *)out, written));
    if (ct_utf8_is_valid(text, input.left)) {
        MUST(written == input.left || (written < input.left && max_chars < input.left));
        MUST(written == 0 || memcmp(out, text, written) == 0);
    }
    free(out);
    return 0;
}
