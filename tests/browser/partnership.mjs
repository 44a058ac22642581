// A partnership at work: people in several roles, agreements, reports of concern and what officers
// made of them.  Everybody in it is fictional.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'

import { visit } from './looking.mjs'
import { confirm, invite, letIn } from './people.mjs'

const council = 'Larkenshire Council'
const police = 'Larkenshire Police'
const recovery = 'Harbour Recovery'

const people = {
  administrator: ['bea@larkenshire.example', 'Bea Holt', 'administrator', council],
  officer: ['ines@larkenshire.example', 'Ines Okoro', 'intake-officer', council],
  colleague: ['olu@larkenshire.example', 'Olu Adeyemi', 'intake-officer', council],
  lead: ['dewi@larkenshire.example', 'Dewi Rees', 'data-lead', council],
  auditor: ['mina@larkenshire.example', 'Mina Shah', 'auditor', council],
  neighbour: ['kit@police.example', 'Kit Marlow', 'intake-officer', police]
}

/** An organisation for each kind of neighbour, and an agreement in each state. */
function makeAgreements (site, trefoil) {
  const run = (...args) => execFileSync(trefoil, [...args, '--db', site.database],
    { stdio: ['ignore', 'ignore', 'inherit'] })
  run('org', 'add', police, '--kind', 'police-force', '--contact', 'Data protection, 01632 960001')
  run('org', 'add', recovery, '--kind', 'treatment-provider', '--contact', 'Caldicott guardian, 01632 960002')
  const agree = (title, receives, ...more) => run('agreement', 'add', title, '--gives', council,
    '--receives', receives, '--purposes', 'safeguard,prevent-crime', '--basis', 'public-task',
    '--condition', 'Data Protection Act 2018, schedule 1, paragraph 18', '--assessment', 'DPIA-2026-14',
    '--retention', '365', ...more)
  const sign = (number, organisation, by) =>
    run('agreement', 'sign', number, '--organisation', organisation, '--by', by)
  agree('Children at risk', police, '--data', 'concern:what+where+when,intelligence:text')
  sign('1', council, 'Dewi Rees')
  sign('1', police, 'Jo Marsh')
  agree('Support after custody', recovery, '--data', 'person,case:summary+needs')
  sign('2', recovery, 'Ana Lind')
  agree('Summer festival', police, '--data', 'concern:what+where', '--from', '2025-06-01', '--review',
    '2025-09-01', '--until', '2025-10-01')
}

export async function press (tab, selector) {
  await Promise.all([tab.waitForNavigation(), tab.locator(selector).last().click()])
}

/** Fill in the form, whose pages depend on the answers; gives the receipt code. */
export async function report (site, settings, answers) {
  let code
  await visit(site, { path: '/report/what' }, settings, async tab => {
    for (let page = ''; page !== 'done'; page = new URL(tab.url()).pathname.split('/').at(-1)) {
      await answers[page || 'what']?.(tab)
      await press(tab, 'main form button')
    }
    code = await tab.locator('.govuk-panel strong').innerText()
  })
  return code
}

/** A report of one kind with its text and whether the sender can be reached. */
export function concern (kind, details, danger = 'now') {
  return {
    what: tab => tab.check(`input[value="${kind}"]`),
    child: tab => tab.check(`input[value=${danger}]`),
    details: tab => tab.fill('textarea', details),
    when: tab => tab.check('input[value=unsure]'),
    safe: tab => tab.check('input[value=no]')
  }
}

/** The receipt code of the first, which officers work on. */
async function makeReports (site) {
  const settings = { javaScriptEnabled: false }
  const code = await report(site, settings, concern('child', 'He carries parcels to the flats by the river.\n' +
    'Call 07700 900123.'))
  await report(site, settings, concern('child', 'Two boys wait at the station every Friday. ' +
    'Somebody calls on 07700 900123.', 'unsure'))
  await report(site, settings, concern('dealing', 'Cars stop for a minute, all evening.'))
  return code
}

/** What an officer has made of the first report: a claim, messages, a note, intelligence; and the last
 *  is closed. */
async function workOn (site, storageState) {
  await visit(site, { path: '/concerns/1' }, { storageState, javaScriptEnabled: false }, async tab => {
    await press(tab, 'button[value=claim]')
    await tab.fill('#ask', 'Which of the flats do you mean? Tell us only what is safe for you.')
    await press(tab, 'button[value=ask]')
    await tab.fill('#note', 'Checked with the duty sergeant.')
    await press(tab, 'button[value=note]')
    for (const text of ['A young person carries parcels between the station and the flats.',
      'Two young people wait at the station on Fridays.']) {
      await tab.goto(`${site.address}/concerns/1/intelligence`)
      for (const [name, value] of [['source', '2'], ['information', 'B'], ['handling', 'P']]) {
        await tab.check(`input[name=${name}][value="${value}"]`)
      }
      await tab.fill('#text', text)
      await press(tab, 'main form button')
    }
    await tab.goto(`${site.address}/intelligence/1`)
    await press(tab, 'button[value=submit]')
    if (await tab.locator('button[name=sure]').count()) await press(tab, 'button[name=sure]')
    await tab.selectOption('#organisation', { label: police })
    await tab.selectOption('#purpose', 'safeguard')
    await press(tab, 'button[value=share]')
    await tab.goto(`${site.address}/concerns/3`)
    await tab.check('input[name=reason][value=too-little]')
    await press(tab, 'button[value=close]')
  })
}

/** What a neighbour opens in an emergency: more than the agreement shares. */
async function openInEmergency (site, storageState) {
  const page = { path: '/intelligence/1', status: 403 }
  await visit(site, page, { storageState, javaScriptEnabled: false }, async tab => {
    await tab.selectOption('#purpose', 'safeguard')
    await tab.fill('#justification', 'A child was seen with a man who threatens her; officers are on the way.')
    await press(tab, 'button[value=open]')
    assert.match(await tab.locator('main').innerText(), /carries parcels/)
  })
}

/**
 * Fill a partnership with people, agreements and reports.
 *
 * @param {object} site - of openPartnership; gets `people`: storage states, by the names above;
 *   `receipt`: a code; `invitation`: the path of a link that nobody has followed
 * @param {string} trefoil - the program
 */
export async function fillPartnership (site, trefoil) {
  makeAgreements(site, trefoil)
  site.people = {}
  const join = async name => {
    site.people[name] = await letIn(site, invite(site, trefoil, ...people[name]))
    confirm(site, trefoil, people[name][0])
  }
  await join('administrator')
  await join('officer')
  await join('neighbour')
  site.receipt = await makeReports(site)
  for (const name of ['colleague', 'lead', 'auditor']) await join(name)
  site.invitation = invite(site, trefoil, 'sam@harbour.example', 'Sam Pike', 'practitioner', recovery)
  await workOn(site, site.people.officer)
  await openInEmergency(site, site.people.neighbour)
}
