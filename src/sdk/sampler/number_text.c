/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/sampler/number_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* With so many digits every double reads as itself. */
#define MAX_DIGITS 17

/* What printf() writes between the digits is the locale's: one character, of one or more bytes. */
static void use_point(char *text)
{
    char *mark = text + strspn(text, "-0123456789");
    if (*mark == '\0' || *mark == 'e')
        return;
    size_t size = strcspn(mark, "0123456789");
    *mark = '.';
    memmove(mark + 1, mark + size, strlen(mark + size) + 1);
}

const char *ct_double_text(double number, char out[CT_NUMBER_TEXT_SIZE])
{
    if (isnan(number))
        return memcpy(out, "NaN", sizeof "NaN");
    if (isinf(number))
        return number > 0 ? memcpy(out, "Infinity", sizeof "Infinity")
                          : memcpy(out, "-Infinity", sizeof "-Infinity");
    for (int digits = 1; digits <= MAX_DIGITS; digits++) {
        (void)snprintf(out, CT_NUMBER_TEXT_SIZE, "%.*g", digits, number);
        if (strtod(out, NULL) == number) /* it reads what printf() wrote: the same locale */
            break;
    }
    use_point(out);
    return out;
}
