// The program with its fictional county, and a browser that looks at it.

import { execFileSync, spawn } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const assets = fileURLToPath(new URL('../../assets/package.json', import.meta.url))
const require = createRequire(assets)
const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium'

// As root there is no sandbox; the map wants WebGL, here without a graphics card; and the browser
// is to speak with nobody but the program.
const chromiumFlags = [
  '--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
  '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'
]

/** Why there is nothing to look with; null if there is. */
export function whatIsMissing () {
  try {
    require.resolve('playwright-core')
    require.resolve('axe-core')
  } catch {
    return 'playwright-core and axe-core are not there: npm ci --prefix assets'
  }
  try {
    accessSync(chromiumPath, constants.X_OK)
  } catch {
    return `there is no ${chromiumPath}`
  }
  return null
}

export function axeSource () {
  return require('axe-core').source
}

export function openBrowser () {
  return require('playwright-core').chromium.launch({ executablePath: chromiumPath, args: chromiumFlags })
}

function makeDatabase (trefoil, folder) {
  const county = join(folder, 'county')
  const database = join(folder, 'larkenshire.db')
  const run = (...args) => execFileSync(trefoil, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const areas = (file, layer) => run('import', 'areas', join(county, 'areas', file), '--layer', layer,
    '--parent', 'parent', '--db', database)
  run('demo-data', county)
  run('import', 'police', join(county, 'police'), '--db', database)
  areas('small-areas.geojson', 'small-area')
  areas('authorities.geojson', 'local-authority')
  areas('force.geojson', 'force')
  run('import', 'population', join(county, 'population.csv'), '--db', database)
  run('import', 'lookup', join(county, 'lookup.csv'), '--db', database)
  return database
}

/** The address that the program says it listens on. */
function addressOf (server) {
  return new Promise((resolve, reject) => {
    let said = ''
    const read = chunk => {
      said += chunk
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said)
      if (address) resolve(address[0])
    }
    server.stdout.on('data', read)
    server.stderr.on('data', read)
    server.on('error', reject)
    server.on('exit', code => reject(new Error(`trefoil serve ended with ${code}: ${said}`)))
  })
}

/**
 * Make a database of a partnership: with accounts, and the areas of a county.
 */
function makePartnership (trefoil, folder, county) {
  const database = join(folder, 'partnership.db')
  const run = (...args) => execFileSync(trefoil, args, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' })
  run('init', '--db', database, '--organisation', 'Larkenshire Council', '--name', 'Asha Patel',
    '--email', 'asha@larkenshire.example')
  for (const [file, layer] of [['small-areas', 'small-area'], ['authorities', 'local-authority']]) {
    run('import', 'areas', join(county, 'areas', `${file}.geojson`), '--layer', layer, '--parent', 'parent',
      '--db', database)
  }
  return { database }
}

/**
 * Serve a partnership from a database of its own.
 *
 * @param {string} trefoil - the program
 * @param {string} county - the folder of a county's files
 * @returns {Promise<object>} as of openSite, without a county; partnership.mjs fills it
 */
export async function openPartnership (trefoil, county) {
  const folder = mkdtempSync(join(tmpdir(), 'trefoil-browser-'))
  return await serve(trefoil, folder, () => makePartnership(trefoil, folder, county))
}

/**
 * Serve the county from a database of its own.
 *
 * @param {string} trefoil - the program
 * @returns {Promise<object>} address; county, the folder of its files; close, a function; ended:
 *   null, or what is known of the program's end
 */
export async function openSite (trefoil) {
  const folder = mkdtempSync(join(tmpdir(), 'trefoil-browser-'))
  return await serve(trefoil, folder, () => ({
    database: makeDatabase(trefoil, folder),
    county: join(folder, 'county')
  }))
}

/** Serve what `make` makes in a folder, which goes with the site. */
async function serve (trefoil, folder, make) {
  let server
  const close = async () => {
    if (server && server.exitCode === null) {
      const ended = new Promise(resolve => server.once('exit', resolve))
      server.kill('SIGTERM')
      await ended
    }
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const made = make()
    server = spawn(trefoil, ['serve', '--db', made.database, '--listen', '127.0.0.1:0'],
      { stdio: ['ignore', 'pipe', 'pipe'] })
    const site = { ...made, address: await addressOf(server), close, ended: null }
    let said = ''
    server.stderr.on('data', chunk => { said = (said + chunk).slice(-4000) })
    server.once('exit', (code, signal) => {
      site.ended = `trefoil serve has ended with ${signal ?? code}\n${said}`.trim()
    })
    return site
  } catch (error) {
    await close()
    throw error
  }
}
