// Bundle the browser side: scripts, styles, the map's worker, the documents that pages include.
//
//   node build.mjs --methods docs/methods.md --output FOLDER [--depfile FILE --stamp FILE]
//
// FOLDER gets every file beside its packed forms (.gz, .br) and manifest.json, which
// tools/embed.py reads.  What the browser may keep for ever has a digest of its content in its
// name.

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const here = dirname(fileURLToPath(import.meta.url))

let esbuild, sass, documents, licences
try {
  esbuild = await import('esbuild')
  sass = await import('sass')
  documents = await import('./document.mjs')
  licences = await import('./licences.mjs')
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
  console.error(`${error.message}\nTo fetch what the browser side is made of: npm ci --prefix ${here}`)
  process.exit(1)
}

const { values: options } = parseArgs({
  options: {
    methods: { type: 'string' },
    output: { type: 'string' },
    depfile: { type: 'string' },
    stamp: { type: 'string' }
  }
})

const contentTypes = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  html: 'text/html; charset=utf-8',
  txt: 'text/plain; charset=utf-8'
}
// MapLibre's own bundle for the map's second thread: pages allow only scripts of our address.
const mapWorker = 'node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs'
const browsers = ['chrome109', 'firefox115', 'safari15.4']

const read = new Set() // every file the result depends on
const manifest = []

/**
 * Write a file of the result.
 *
 * @param {string} name - the name that the program knows it by, such as "site.css"
 * @param {string | Uint8Array} content
 * @param {'versioned' | 'plain' | 'no'} served - with a digest in its address, without, or never
 * @returns {string} the name it is served under
 */
function put (name, content, served) {
  const bytes = Buffer.from(content)
  const [stem, extension] = name.split('.')
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 10)
  const servedName = served === 'versioned' ? `${stem}-${digest}.${extension}` : name
  writeFileSync(join(options.output, servedName), bytes)
  if (served !== 'no') {
    writeFileSync(join(options.output, `${servedName}.gz`), gzipSync(bytes, { level: 9 }))
    writeFileSync(join(options.output, `${servedName}.br`), brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length
      }
    }))
  }
  manifest.push({ name, file: servedName, served, contentType: contentTypes[extension] })
  return servedName
}

async function bundleScript (entry, define = {}) {
  const result = await esbuild.build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    target: browsers,
    legalComments: 'none',
    charset: 'utf8',
    metafile: true,
    write: false,
    define
  })
  for (const input of Object.keys(result.metafile.inputs)) read.add(resolve(here, input))
  return result.outputFiles[0].contents
}

async function bundleStyle (entry) {
  const compiled = sass.compile(join(here, entry), {
    loadPaths: [join(here, 'node_modules')],
    quietDeps: true
  })
  for (const url of compiled.loadedUrls) read.add(fileURLToPath(url))
  const result = await esbuild.transform(compiled.css, {
    loader: 'css',
    minify: true,
    target: browsers,
    legalComments: 'none'
  })
  return result.code
}

function readText (path) {
  read.add(resolve(path))
  return readFileSync(path, 'utf8')
}

rmSync(options.output, { recursive: true, force: true })
mkdirSync(options.output, { recursive: true })

put('site.css', await bundleStyle('styles/site.scss'), 'versioned')
put('map.css', await bundleStyle('styles/map.scss'), 'versioned')
put('site.js', await bundleScript('scripts/site.ts'), 'versioned')
const worker = put('map_worker.js', await bundleScript(mapWorker), 'versioned')
put('map.js', await bundleScript('scripts/map.ts', {
  WORKER_PATH: JSON.stringify(`/assets/${worker}`)
}), 'versioned')
put('icon.svg', readText(join(here, 'images/icon.svg')), 'versioned')
put('methods.html', documents.toMarkup(readText(options.methods)), 'no')
put('licences.txt', licences.collect(join(here, 'node_modules'), read), 'plain')
writeFileSync(join(options.output, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n')

if (options.stamp) {
  const paths = [...read].sort().map(path => relative(process.cwd(), path).replaceAll(' ', '\\ '))
  writeFileSync(options.depfile, `${options.stamp}: ${paths.join(' \\\n  ')}\n`)
  writeFileSync(options.stamp, '')
}
