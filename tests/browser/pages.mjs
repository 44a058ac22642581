// Every page there is, each looked at by every test of this folder.
//
// path: where it is · status: what it answers, if not 200 · map: it has one · filters: it has
// controls that the keyboard must reach · as: who has to be signed in, of partnership.mjs · empty:
// a form of it is sent empty and comes back with what is missing · follow: the link on it that leads
// to the page · noPicture: the documentation does without one.

import { passphrase } from './people.mjs'

const county = 'area=larkenshire&type=drugs&from=2023-04&to=2024-03'

export const pages = [
  { name: 'overview', path: '/' },
  { name: 'profile', path: `/profile?${county}`, map: true, filters: true },
  { name: 'profile-wrong', path: '/profile?area=nowhere&type=drugs&from=2024-13&to=2024-03', status: 400 },
  { name: 'areas', path: '/areas' },
  { name: 'area', path: '/areas/X01000001' },
  { name: 'authority', path: '/areas/X06000001', map: true },
  { name: 'compare', path: `/compare?${county}` },
  { name: 'sources', path: '/sources' },
  { name: 'source', path: '/sources/1' },
  { name: 'import', path: '/import' },
  { name: 'methods', path: '/methods' },
  { name: 'api', path: '/api' },
  { name: 'accessibility', path: '/accessibility' },
  { name: 'not-found', path: '/no-such-page', status: 404 }
]

const of = (as, pages) => pages.map(page => ({ as, ...page }))

/** Those of a partnership with accounts; what each shows is made by partnership.mjs. */
export const accountPages = [
  { name: 'sign-in', path: '/sign-in', empty: true },
  { name: 'invitation-over', noPicture: true, path: '/invitation/none', status: 404 },
  ...of('administrator', [
    { name: 'account', path: '/account' },
    { name: 'account-passphrase', noPicture: true, path: '/account/passphrase', empty: true },
    { name: 'account-recovery-codes', noPicture: true, path: '/account/recovery-codes', empty: true },
    { name: 'set-up', noPicture: true, path: '/sign-in/set-up', empty: true },
    { name: 'admin', path: '/admin' },
    { name: 'admin-accounts', path: '/admin/accounts' },
    { name: 'admin-invite', path: '/admin/accounts/new', empty: true },
    { name: 'admin-account', path: '/admin/accounts/3' },
    { name: 'admin-roles', noPicture: true, path: '/admin/accounts/3/roles' },
    { name: 'admin-organisations', path: '/admin/organisations' },
    { name: 'admin-organisation-new', noPicture: true, path: '/admin/organisations/new', empty: true },
    { name: 'admin-organisation', path: '/admin/organisations/2' },
    { name: 'self-check', path: '/admin/self-check' },
    { name: 'import-signed-in', noPicture: true, path: '/import' }
  ]),
  ...of('auditor', [
    { name: 'audit', path: '/audit', filters: true },
    { name: 'audit-wrong', noPicture: true, path: '/audit?from=yesterday', status: 400, filters: true },
    { name: 'audit-verification', path: '/audit/verification' },
    { name: 'emergency-access', path: '/admin/emergency-access' },
    { name: 'emergency-review', follow: 'main tbody a', path: '/admin/emergency-access', empty: true }
  ]),
  ...of('lead', [
    { name: 'agreements', path: '/agreements' },
    { name: 'agreement', path: '/agreements/1' },
    { name: 'agreement-draft', path: '/agreements/2' },
    { name: 'agreement-expired', noPicture: true, path: '/agreements/3' },
    { name: 'agreement-new', path: '/agreements/new', empty: true }
  ]),
  ...of('officer', [
    { name: 'concerns', path: '/concerns' },
    { name: 'concerns-closed', noPicture: true, path: '/concerns?part=closed' },
    { name: 'concern', path: '/concerns/1' },
    { name: 'concern-new', noPicture: true, path: '/concerns/2' },
    { name: 'concern-closed', path: '/concerns/3' },
    { name: 'concern-intelligence', path: '/concerns/1/intelligence', empty: true },
    { name: 'concern-statistics', path: '/concerns/statistics' },
    { name: 'intelligence', path: '/intelligence' },
    { name: 'intelligence-report', path: '/intelligence/1' },
    { name: 'intelligence-draft', path: '/intelligence/2' },
    { name: 'intelligence-change', noPicture: true, path: '/intelligence/2/change' },
    { name: 'intelligence-correct', noPicture: true, path: '/intelligence/1/correct' },
    { name: 'intelligence-new', noPicture: true, path: '/intelligence/new', empty: true },
    { name: 'refused', noPicture: true, path: '/admin', status: 403 }
  ]),
  ...of('neighbour', [
    { name: 'intelligence-purpose', path: '/intelligence/1', status: 403 },
    { name: 'intelligence-shared', noPicture: true, path: '/intelligence/1?purpose=safeguard' },
    { name: 'concerns-none', noPicture: true, path: '/concerns' }
  ])
]

/** Answer the page of a form, and go on. */
async function goOn (tab, button, fill = async () => {}) {
  await fill(tab)
  await Promise.all([tab.waitForNavigation(), tab.locator(button).last().click()])
}

/**
 * Pages that stand behind a form or a link of their own, for the documentation; the tests of what
 * leads there look at them.  `reach` goes there from `path`.
 */
export const reached = [
  {
    name: 'child-now',
    path: '/report/what',
    reach: async tab => {
      await goOn(tab, 'main form button', () => tab.check('input[value=child]'))
      await goOn(tab, 'main form button', () => tab.check('input[value=now]'))
    }
  },
  { name: 'receipt', path: '/report/receipt', reach: async () => {} },
  {
    name: 'receipt-status',
    path: '/report/receipt',
    reach: (tab, site) => goOn(tab, 'main form button', () => tab.fill('#code', site.receipt))
  },
  { name: 'invitation', path: '/sign-in', reach: (tab, site) => tab.goto(site.address + site.invitation) },
  {
    name: 'set-up-code',
    path: '/sign-in',
    reach: async (tab, site) => {
      // The link is good once; then the passphrase leads to the same page.
      const response = await tab.goto(site.address + site.invitation)
      if (!response.ok()) {
        await tab.goto(`${site.address}/sign-in`)
        await tab.fill('#email', 'sam@harbour.example')
      }
      await goOn(tab, 'main button[type=submit]', () => tab.fill('#passphrase', passphrase))
      await tab.waitForSelector('.app-qr-code')
    }
  },
  {
    name: 'agreement-sure',
    as: 'lead',
    path: '/agreements/2',
    reach: tab => goOn(tab, 'form[action$="/sign"] button')
  },
  {
    name: 'intelligence-sure',
    as: 'officer',
    path: '/intelligence/2',
    reach: tab => goOn(tab, 'button[value=submit]')
  }
]
