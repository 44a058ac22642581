#include "actor.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

tf_actor tf_actor_public(void) {
    return (tf_actor){.name = "the public"};
}

tf_actor tf_actor_operator(char name_out[TF_ACTOR_NAME_SIZE]) {
    char room[1024];
    struct passwd entry;
    struct passwd *found = NULL;
    uid_t user = getuid();
    if (getpwuid_r(user, &entry, room, sizeof room, &found) == 0 && found) {
        snprintf(name_out, TF_ACTOR_NAME_SIZE, "operator %.60s", found->pw_name);
    } else {
        snprintf(name_out, TF_ACTOR_NAME_SIZE, "operator %u", (unsigned)user);
    }
    return (tf_actor){.is_operator = true, .name = name_out};
}
