/* The desks at which personal data is worked with: connections open for writing, each with its
 * tf_access.  There are some only where the database has a site key, which `trefoil init` makes. */
#ifndef WEB_SITE_ACCESS_DESK_H
#define WEB_SITE_ACCESS_DESK_H

#include "access/sign_in.h"
#include "web/site/site.h"

/* Whether the site has accounts: its database has a key.  A key that is made while the site runs is
 * seen.  Thread-safe. */
bool tf_site_has_accounts(tf_site *site);

/* Borrow the writing desk, or one to sign in at, and give it back.  First come, first served. There
 * is one writing desk, as SQLite has one writer: what is done there is short, and ends before a
 * page is rendered.  Signing in takes a while of computing between two short transactions, so that
 * it has desks of its own, and few may wait for one.  What was left open of a transaction is rolled
 * back.
 *
 * A database or key that was put in the place of the other is taken up by the next who borrow.
 * Thread-safe.  Errors: TF_NOT_FOUND where the site has no accounts; TF_BUSY where too many sign in
 * at this moment; those of tf_site_borrow. */
tf_status tf_site_borrow_access(tf_site *site, tf_access **access_out, tf_error *error);
tf_status tf_site_borrow_sign_in(tf_site *site, tf_access **access_out, tf_error *error);
void tf_site_return_access(tf_site *site, tf_access *access); /* accepts NULL */

/* Where all derive keys of passphrases. */
tf_derivations *tf_site_derivations(tf_site *site);

#endif
