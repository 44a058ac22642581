/* Who saw what: entries of the audit as a table, for the audit's own page and for the page of
 * whatever they are about. */
#ifndef WEB_PAGES_AUDIT_TABLE_INTERNAL_H
#define WEB_PAGES_AUDIT_TABLE_INTERNAL_H

#include "access/audit_list.h"
#include "page_internal.h"

/* A sentence instead of the table where there are no entries.  `links_accounts` for whoever may
 * open the audit's own page: each name leads there, to what else its account did. */
void tf_page_audit_table(tf_visit *visit, const char *caption, const tf_audit_page *entries,
                         bool links_accounts);

/* How many entries the page of a thing shows of who saw it. */
enum { TF_PAGE_LOOKS = 20 };

/* The section of a page that says who has seen what it is about; nothing for whoever may not know.
 */
void tf_page_audit_look(tf_visit *visit, const char *title, const tf_audit_look *look);

/* "30 November 2026, 10:15:07", in UTC. */
const char *tf_page_audit_instant(tf_visit *visit, int64_t at);

#endif
