/* Who may do what, as data of a pack: purposes, categories of data, and roles with what they may.
 * src/access decides by these; nothing of them is in code. */
#ifndef PACK_ACCESS_RULES_H
#define PACK_ACCESS_RULES_H

#include "pack/pack.h"

enum {
    TF_MOST_ROLES = 32,
    TF_MOST_CATEGORIES = 64,
    TF_MOST_PURPOSES = 64,
    TF_MOST_FIELDS = 32, /* of one category */
};

/* What is done with data: the operations that the Data Protection Act 2018, section 62(1), has
 * logged.  What an administrator does to accounts, agreements and settings is one of them too. */
typedef enum tf_action {
    TF_ACTION_COLLECT,  /* take in what was not there */
    TF_ACTION_CONSULT,  /* read */
    TF_ACTION_ALTER,    /* change or correct */
    TF_ACTION_DISCLOSE, /* give to somebody else, and export */
    TF_ACTION_COMBINE,  /* link with other data */
    TF_ACTION_ERASE,
    TF_ACTION_COUNT
} tf_action;

const char *tf_action_name(tf_action action); /* "consult" */

/* How far a permission reaches, each further than the one before. */
typedef enum tf_reach {
    TF_REACH_NONE,
    TF_REACH_ASSIGNED, /* what is assigned to the actor */
    TF_REACH_OWN,      /* what belongs to the actor's organisation */
    TF_REACH_SHARED,   /* and to others, where an agreement in force covers it */
    TF_REACH_ALL,      /* whoever it belongs to: for what runs the system, not for case data */
    TF_REACH_COUNT
} tf_reach;

typedef struct tf_purpose {
    const char *name;  /* "prevent-crime" */
    const char *title; /* "To prevent and detect crime" */
} tf_purpose;

typedef struct tf_lawful_basis {
    const char *name;  /* "public-task" */
    const char *title; /* "UK GDPR Article 6(1)(e): a public task" */
} tf_lawful_basis;

typedef struct tf_data_field {
    const char *name;
    const char *title;
} tf_data_field;

/* A kind of data that agreements and roles speak of. */
typedef struct tf_category {
    const char *name;  /* "concern" */
    const char *title; /* "Reports of concern" */
    bool is_personal;  /* each use is entered in the audit and, of another's, needs an agreement */
    bool is_content;   /* what people told or what is known of them: nobody reads all of it, and
                          nobody at the machine reads any */
    uint64_t purposes; /* it may be used for; bits by the index of the purpose */
    const tf_data_field *fields;
    size_t field_count; /* a mask of fields has bit i for field i */
} tf_category;

/* What a role may do with one category by one action. */
typedef struct tf_grant {
    tf_reach reach;
    uint32_t fields; /* that the role sees */
} tf_grant;

typedef struct tf_role {
    const char *name;    /* "intake-officer" */
    const char *title;   /* "Intake officer" */
    const char *help;    /* one sentence for whoever gives it */
    bool in_emergencies; /* may read without an agreement, giving a justification */
    bool is_everyones;   /* everybody has it, signed in or not */
    bool is_operators;   /* whoever runs the program at the machine has it */
    tf_grant grants[TF_MOST_CATEGORIES][TF_ACTION_COUNT];
} tf_role;

/* A role that one person should not hold together with others.  Nothing refuses it; the self-check
 * tells of it. */
typedef struct tf_roles_apart {
    int role;      /* index in the rules */
    uint32_t from; /* bits by the index of the role */
    const char *why;
} tf_roles_apart;

typedef struct tf_access_rules {
    int64_t version;
    const tf_purpose *purposes;
    size_t purpose_count;
    const tf_lawful_basis *lawful_bases;
    size_t lawful_basis_count;
    const tf_category *categories;
    size_t category_count;
    const tf_role *roles;
    size_t role_count;
    const tf_roles_apart *apart;
    size_t apart_count;
} tf_access_rules;

/* The rules of the pack, from its access.yaml; borrowed. */
const tf_access_rules *tf_pack_access_rules(const tf_pack *pack);

/* The index of a name, or -1.  O(names). */
int tf_access_category(const tf_access_rules *rules, const char *name);
int tf_access_purpose(const tf_access_rules *rules, const char *name);
int tf_access_lawful_basis(const tf_access_rules *rules, const char *name);
int tf_access_role(const tf_access_rules *rules, const char *name);
int tf_access_field(const tf_category *category, const char *name);

/* The mask of all fields of a category; all bits where it has none. */
uint32_t tf_access_all_fields(const tf_category *category);

#endif
