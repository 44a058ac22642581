// Look at every page as people do, in Debian's Chromium.
//
//   node tests/browser/run.mjs build/src/cli/trefoil                 test all, as TAP
//   node tests/browser/run.mjs build/src/cli/trefoil --only compare  those with this in their name
//   node tests/browser/run.mjs build/src/cli/trefoil --screens docs/screens
//   node tests/browser/run.mjs build/src/cli/trefoil --first-paint   milliseconds, as JSON

import { parseArgs } from 'node:util'

import { measureFirstPaint } from './first_paint.mjs'
import { fillPartnership } from './partnership.mjs'
import { takeScreens } from './screens.mjs'
import { openBrowser, openPartnership, openSite, whatIsMissing } from './site.mjs'
import { runTests, skipAll } from './tap.mjs'
import { testConcerns } from './test_concerns.mjs'
import { testAccountPages, testPages } from './test_pages.mjs'
import { testPointMap } from './test_point_map.mjs'
import { testReport } from './test_report.mjs'
import { testScripts } from './test_scripts.mjs'
import { testSigningIn } from './test_sign_in.mjs'

const { values: options, positionals: [trefoil] } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    screens: { type: 'string' },
    'first-paint': { type: 'boolean' }
  }
})
const isTesting = !options.screens && !options['first-paint']

async function main () {
  const site = await openSite(trefoil)
  let partnership
  try {
    site.browser = await openBrowser()
    if (options.screens) {
      partnership = await openPartnership(trefoil, site.county)
      partnership.browser = site.browser
      await fillPartnership(partnership, trefoil)
      return await takeScreens(site, partnership, options.screens, options.only)
    }
    if (options['first-paint']) {
      console.log(JSON.stringify(await measureFirstPaint(site)))
      return true
    }
    testPages(site)
    testScripts(site)
    partnership = await openPartnership(trefoil, site.county)
    partnership.browser = site.browser
    await fillPartnership(partnership, trefoil)
    testAccountPages(partnership)
    testSigningIn(partnership, trefoil)
    testReport(partnership)
    testPointMap(partnership)
    testConcerns(partnership)
    return await runTests(options.only)
  } finally {
    await site.browser?.close()
    await partnership?.close()
    await site.close()
  }
}

const missing = whatIsMissing()
if (missing && isTesting) skipAll(missing)
else if (missing) throw new Error(missing)
else process.exitCode = await main() ? 0 : 1
