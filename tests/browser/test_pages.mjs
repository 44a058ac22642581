// What holds for every page.

import assert from 'node:assert/strict'

import { visit, whatSticksOut, widths } from './looking.mjs'
import { accountPages, pages } from './pages.mjs'
import { axeSource } from './site.mjs'
import { test } from './tap.mjs'

// WCAG 2.2 AA, and what the makers of axe-core hold for good besides.
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe-core finds on a page, in words. */
export async function runAxe (tab) {
  await tab.evaluate(axeSource())
  const { violations } = await tab.evaluate(values => globalThis.axe.run(document, {
    runOnly: { type: 'tag', values },
    resultTypes: ['violations']
  }), rules)
  return violations.flatMap(({ id, help, nodes }) => nodes.slice(0, 3).map(({ target, failureSummary }) =>
    `${id}: ${help}\n  ${target.join(' ')}\n  ${failureSummary.replaceAll('\n', '\n  ')}`))
}

export function nothing (found) {
  assert.equal(found.length, 0, found.join('\n'))
}

function testAccessibility (site, page) {
  for (const [widthName, viewport] of Object.entries(widths)) {
    test(`axe finds nothing on ${page.name}, ${widthName}, light and dark`, () =>
      visit(site, page, { viewport, colorScheme: 'light' }, async (tab, complaints) => {
        const found = await runAxe(tab)
        await tab.emulateMedia({ colorScheme: 'dark' })
        const foundInDark = (await runAxe(tab)).map(text => `in dark, ${text}`)
        nothing([...found, ...foundInDark, ...complaints])
      }))
  }
}

// 320 pixels are also what is left of 1,280 at 400% zoom; then the window is low as well.
const low = { width: 320, height: 256 }

function testReflow (site, page) {
  test(`${page.name} fits 320 pixels, and so 400% zoom`, () =>
    visit(site, page, { viewport: low }, async tab => nothing(await tab.evaluate(whatSticksOut))))
  test(`${page.name} fits 320 pixels without scripts`, () =>
    visit(site, page, { viewport: low, javaScriptEnabled: false }, async tab =>
      nothing(await tab.evaluate(whatSticksOut))))
}

/** A name of a table is whole in sight, and is what a screen reader calls the table. */
async function checkTables (tab) {
  await tab.setViewportSize(low)
  nothing(await tab.evaluate(() => [...document.querySelectorAll('main table[aria-labelledby]')].flatMap(table => {
    const name = document.getElementById(table.getAttribute('aria-labelledby'))
    const isWhole = name && name.getBoundingClientRect().right <= innerWidth && name.scrollWidth <= name.clientWidth
    return isWhole && !table.contains(name) ? [] : [`the name of table ${name?.textContent} is cut`]
  })))
}

/** That there is something to read, and that what is drawn is as wide as its place. */
async function checkReading (tab, page) {
  assert.ok((await tab.locator('main h1').innerText()).length > 2, 'the heading is there')
  assert.ok((await tab.locator('main').innerText()).length > 60, 'there is something to read')
  const hasMap = await tab.locator('.app-map').count() > 0
  assert.equal(hasMap, Boolean(page.map), 'it has a map as pages.mjs says')
  if (hasMap) assert.ok(await tab.locator('.app-map svg path').count() > 10, 'the map is drawn')
  nothing(await tab.evaluate(() => [...document.querySelectorAll('.govuk-checkboxes__hint, .govuk-radios__hint')]
    .filter(hint => hint.getBoundingClientRect().left >=
      hint.parentElement.querySelector('label').getBoundingClientRect().right - 1)
    .map(hint => `the hint "${hint.textContent.trim()}" stands beside its label`)))
  for (const svg of await tab.locator('svg.app-chart:not(.app-chart--spark):visible').all()) {
    assert.ok((await svg.boundingBox()).width > 200, 'a chart is as wide as its place')
  }
}

function testWithoutScripts (site, page) {
  test(`${page.name} reads without scripts`, () =>
    visit(site, page, { javaScriptEnabled: false }, async tab => {
      await checkReading(tab, page)
      await checkTables(tab)
    }))
}

/** The place that has the focus, in words, and whether one sees that it has it. */
function whereFocusIs () {
  const element = document.activeElement
  if (!element || element === document.body) return null
  const style = getComputedStyle(element)
  const box = element.getBoundingClientRect()
  const inner = [...element.querySelectorAll('*')].map(part => getComputedStyle(part))
  const label = element.getAttribute('aria-label') ?? element.textContent
  return {
    is: `${element.tagName.toLowerCase()} ${(label ?? '').trim().slice(0, 40)}`,
    isFilter: element.closest('.app-filter') !== null,
    isMap: element.closest('.app-map') !== null,
    isSkipLink: element.classList.contains('govuk-skip-link'),
    isInFooter: element.closest('footer') !== null,
    isMarked: style.outlineStyle !== 'none' || style.boxShadow !== 'none' ||
      inner.some(part => part.outlineStyle !== 'none' || part.strokeWidth === '3px'),
    isInSight: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
  }
}

async function tabThrough (tab) {
  const stops = []
  for (let presses = 0; presses < 1500; presses++) {
    await tab.keyboard.press('Tab')
    const stop = await tab.evaluate(whereFocusIs)
    if (!stop) break
    stops.push(stop)
  }
  return stops
}

async function checkKeyboard (tab, page) {
  const stops = await tabThrough(tab)
  assert.ok(stops[0]?.isSkipLink, 'the first stop skips to the main part')
  assert.ok(stops.at(-1).isInFooter, `the last stop is in the footer, not ${stops.at(-1).is}`)
  nothing(stops.filter(stop => !stop.isMarked).map(stop => `${stop.is} does not show the focus`))
  nothing(stops.filter(stop => !stop.isInSight).map(stop => `${stop.is} has the focus out of sight`))
  if (page.map) assert.ok(stops.some(stop => stop.isMap), 'the map is reached')
  if (page.filters) assert.ok(stops.some(stop => stop.isFilter), 'the filters are reached')
}

async function checkSkipLink (tab) {
  await tab.keyboard.press('Tab')
  await tab.keyboard.press('Enter')
  await tab.keyboard.press('Tab')
  const isPastTheMenu = () => document.activeElement?.closest('header') === null
  assert.ok(await tab.evaluate(isPastTheMenu), 'the next stop is past the menu')
}

function testKeyboard (site, page) {
  // Where something was wrong, a script puts the focus on what it was; without it one starts above.
  const settings = { javaScriptEnabled: page.status !== 400 }
  test(`the keyboard gets through ${page.name} and shows where it is`, () =>
    visit(site, page, settings, tab => checkKeyboard(tab, page)))
  test(`the skip link of ${page.name} leads to the main part`, () => visit(site, page, settings, checkSkipLink))
}

async function checkPaper (tab, page) {
  await tab.emulateMedia({ media: 'print', colorScheme: 'dark' })
  assert.equal(await tab.locator('nav:visible, form.app-filter:visible, canvas:visible').count(), 0)
  assert.equal(await tab.evaluate(() => getComputedStyle(document.querySelector('h1')).color),
    'rgb(0, 0, 0)', 'black on white, also where the screen is dark')
  if (page.map) assert.ok(await tab.locator('.app-map > svg:visible, .app-map__static:visible').count() > 0)
}

function testPaper (site, page) {
  test(`${page.name} prints without what paper cannot do`, () =>
    visit(site, page, { colorScheme: 'dark' }, tab => checkPaper(tab, page)))
}

function testTitles (site, all, whose) {
  test(`every page ${whose} has a title of its own and says its language`, async () => {
    const titles = new Map()
    for (const page of all) {
      await visit(site, page, { javaScriptEnabled: false }, async tab => {
        const title = await tab.title()
        assert.ok(!titles.has(title), `${page.name} is called as ${titles.get(title)} is: ${title}`)
        titles.set(title, page.name)
        assert.match(await tab.locator('html').getAttribute('lang'), /^en(-GB)?$/)
      })
    }
  })
}

export function testPages (site) {
  for (const page of pages) {
    testAccessibility(site, page)
    testReflow(site, page)
    testWithoutScripts(site, page)
    testKeyboard(site, page)
    testPaper(site, page)
  }
  testTitles(site, pages, 'for everybody')
}

/** All that needs scripts, with one visit: there are many pages, and each visit takes a second. */
async function checkWithScripts (tab, page, complaints) {
  const found = []
  for (const [width, viewport] of Object.entries(widths)) {
    await tab.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark']) {
      await tab.emulateMedia({ colorScheme })
      found.push(...(await runAxe(tab)).map(text => `${width}, ${colorScheme}: ${text}`))
    }
  }
  await tab.setViewportSize(low)
  found.push(...await tab.evaluate(whatSticksOut), ...complaints)
  nothing(found)
  await tab.setViewportSize(widths.desktop)
  await checkPaper(tab, page)
}

async function checkWithoutScripts (tab, page) {
  await checkReading(tab, page)
  await checkKeyboard(tab, page)
  await tab.reload()
  await checkSkipLink(tab)
  await tab.setViewportSize(low)
  nothing(await tab.evaluate(whatSticksOut))
}

/** A form sent empty says what is missing, leads to it, and holds what the page held. */
async function checkEmptyForm (tab) {
  const main = tab.locator('main form button:not(.govuk-button--secondary)')
  await (await main.count() ? main : tab.locator('main form button')).last().click()
  await tab.waitForSelector('.govuk-error-summary')
  assert.match(await tab.title(), /^Error: /)
  await tab.waitForFunction(() => document.activeElement?.matches('.govuk-error-summary'))
  nothing(await tab.evaluate(() => [...document.querySelectorAll('.govuk-error-summary a')]
    .map(link => link.getAttribute('href'))
    .filter(href => !document.getElementById(href.slice(1)))
    .map(href => `the summary leads to ${href}, which is not there`)))
  assert.ok(await tab.locator('.govuk-error-message').count() > 0, 'what is wrong stands at its place too')
  nothing(await runAxe(tab))
  await tab.setViewportSize(low)
  nothing(await tab.evaluate(whatSticksOut))
}

/** @param {object} site - a partnership, filled */
export function testAccountPages (site) {
  for (const page of accountPages) {
    test(`axe finds nothing on ${page.name}, it fits and it prints`, () =>
      visit(site, page, {}, (tab, complaints) => checkWithScripts(tab, page, complaints)))
    test(`${page.name} reads and works by keyboard without scripts`, () =>
      visit(site, page, { javaScriptEnabled: false }, tab => checkWithoutScripts(tab, page)))
    if (page.empty) {
      test(`${page.name}, sent empty, says what is missing`, () => visit(site, page, {}, checkEmptyForm))
    }
  }
  testTitles(site, accountPages.filter(page => !['concerns-none', 'concern-new', 'intelligence-shared',
    'intelligence-purpose'].includes(page.name)), 'of a partnership')
}
