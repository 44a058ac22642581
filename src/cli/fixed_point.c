#include "cli/fixed_point.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>

size_t tf_fixed_point(double value, int decimals, char *text) {
    static const double scales[TF_FIXED_POINT_MOST_DECIMALS + 1] = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12};
    double scaled = fabs(value) * scales[decimals];
    if (!(scaled < 9e15)) { /* beyond whole numbers that a double holds exactly */
        return (size_t)snprintf(text, TF_FIXED_POINT_SIZE, "%.17g", value);
    }
    uint64_t whole = (uint64_t)(scaled + 0.5);
    char digits[TF_FIXED_POINT_SIZE];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + whole % 10);
        whole /= 10;
    } while (whole || count <= (size_t)decimals);
    size_t length = 0;
    if (value < 0) {
        text[length++] = '-';
    }
    while (count) {
        text[length++] = digits[--count];
        if (count == (size_t)decimals && decimals > 0) {
            text[length++] = '.';
        }
    }
    return length;
}
