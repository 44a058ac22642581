/* A profile as a page of text. */
#ifndef CLI_PROFILE_TEXT_H
#define CLI_PROFILE_TEXT_H

#include "cli/terminal.h"
#include "insight/profile.h"

void tf_profile_text_write(const tf_profile *profile, tf_terminal *page);

#endif
