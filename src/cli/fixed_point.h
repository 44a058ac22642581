/* Numbers with a fixed count of decimals, fast: a file of a million pairs has two million. */
#ifndef CLI_FIXED_POINT_H
#define CLI_FIXED_POINT_H

#include <stddef.h>

enum { TF_FIXED_POINT_SIZE = 32, TF_FIXED_POINT_MOST_DECIMALS = 12 };

/* `value` rounded to `decimals` (up to 12) in `text`, which has room for TF_FIXED_POINT_SIZE; not
 * terminated.  Returns its length.  Near a tie it may round the other way than printf's %.*f.  What
 * is not finite or has too many digits is written with 17 of them. */
size_t tf_fixed_point(double value, int decimals, char *text);

#endif
