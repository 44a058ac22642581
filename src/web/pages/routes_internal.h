/* The routes of this folder, one or more of each file, gathered in routes.c. */
#ifndef WEB_PAGES_ROUTES_INTERNAL_H
#define WEB_PAGES_ROUTES_INTERNAL_H

#include "selection_internal.h"

extern const tf_route tf_route_overview;
extern const tf_route tf_route_profile;
extern const tf_route tf_route_profile_pdf;
extern const tf_route tf_route_areas;
extern const tf_route tf_route_area;
extern const tf_route tf_route_compare;
extern const tf_route tf_route_sources;
extern const tf_route tf_route_batch;
extern const tf_route tf_route_import;
extern const tf_route tf_route_import_start;
extern const tf_route tf_route_import_job;
extern const tf_route tf_route_import_progress;
extern const tf_route tf_route_methods;
extern const tf_route tf_route_api;
extern const tf_route tf_route_accessibility;
extern const tf_route tf_route_asset;
extern const tf_route tf_route_audit;
extern const tf_route tf_route_audit_verification;
extern const tf_route tf_route_sign_in;
extern const tf_route tf_route_sign_in_send;
extern const tf_route tf_route_sign_in_code;
extern const tf_route tf_route_sign_in_code_send;
extern const tf_route tf_route_sign_out;
extern const tf_route tf_route_set_up_codes;
extern const tf_route tf_route_set_up_codes_send;
extern const tf_route tf_route_set_up_codes_begin;
extern const tf_route tf_route_invitation;
extern const tf_route tf_route_invitation_use;
extern const tf_route tf_route_reset;
extern const tf_route tf_route_reset_use;
extern const tf_route tf_route_device;
extern const tf_route tf_route_device_use;
extern const tf_route tf_route_account;
extern const tf_route tf_route_passphrase;
extern const tf_route tf_route_passphrase_send;
extern const tf_route tf_route_recovery_codes;
extern const tf_route tf_route_recovery_codes_send;
extern const tf_route tf_route_sign_out_everywhere;
extern const tf_route tf_route_admin;
extern const tf_route tf_route_admin_accounts;
extern const tf_route tf_route_admin_invite;
extern const tf_route tf_route_admin_invite_send;
extern const tf_route tf_route_admin_account;
extern const tf_route tf_route_admin_account_send;
extern const tf_route tf_route_admin_roles;
extern const tf_route tf_route_admin_roles_send;
extern const tf_route tf_route_admin_organisations;
extern const tf_route tf_route_admin_self_check;
extern const tf_route tf_route_admin_organisation_new;
extern const tf_route tf_route_admin_organisation_add;
extern const tf_route tf_route_admin_organisation;
extern const tf_route tf_route_admin_organisation_change;
extern const tf_route tf_route_admin_organisation_end;
extern const tf_route tf_route_report;
extern const tf_route tf_route_report_page;
extern const tf_route tf_route_report_answers;
extern const tf_route tf_route_form;
extern const tf_route tf_route_form_page;
extern const tf_route tf_route_form_answers;
extern const tf_route tf_route_concerns;
extern const tf_route tf_route_concerns_share;
extern const tf_route tf_route_concern;
extern const tf_route tf_route_concern_send;
extern const tf_route tf_route_concern_draft;
extern const tf_route tf_route_concern_draft_send;
extern const tf_route tf_route_concern_statistics;
extern const tf_route tf_route_intelligence;
extern const tf_route tf_route_intelligence_report;
extern const tf_route tf_route_intelligence_send;
extern const tf_route tf_route_intelligence_new;
extern const tf_route tf_route_intelligence_new_send;
extern const tf_route tf_route_intelligence_change;
extern const tf_route tf_route_intelligence_change_send;
extern const tf_route tf_route_intelligence_correct;
extern const tf_route tf_route_intelligence_correct_send;
extern const tf_route tf_route_receipt;
extern const tf_route tf_route_receipt_send;

#endif
