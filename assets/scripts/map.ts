// The interactive map in the place of the drawn one, on pages that have one.
//
//     <div class="app-map" data-boundaries="/api/v1/boundaries?..." data-values="ID"
//          data-tiles="/style.json" data-label="Drug offences by small area"><svg>...</svg></div>
//
// The boundaries are GeoJSON whose features have the properties code and name, and those of an
// area's value, unless the JSON element of data-values has them by code: {"E01...": {"class": 3,
// "text": "173 offences"}}.  `class` is 1 to 5 or null; colours are the legend's own.  Without
// WebGL, and until all is loaded, the drawing stays.

import {
  LngLatBounds, Map as MapLibre, NavigationControl, setWorkerUrl,
  type ExpressionSpecification, type MapGeoJSONFeature
} from 'maplibre-gl'

import { element, freshId } from './dom'
import { boundsOf, colour, fetchAreas, groundColour, hasWebGl, plainStyle, type Outline } from './map_ground'

export { showPointMap } from './point_map'

declare const WORKER_PATH: string // set by build.mjs

interface AreaValue {
  class: number | null
  text: string
}

type Area = Outline<AreaValue>

const classCount = 5

/** The addresses of the areas by their codes, as the drawing links them: for the same period. */
function addressesIn (box: HTMLElement): Map<string, string> {
  const addresses = new Map<string, string>()
  for (const link of box.querySelectorAll('svg a[href]')) {
    const address = link.getAttribute('href') ?? ''
    const code = new URL(address, location.href).pathname.split('/').at(-1)
    if (code) addresses.set(decodeURIComponent(code), address)
  }
  return addresses
}

async function loadAreas (box: HTMLElement): Promise<Area[]> {
  // An area without an outline is in the table, and on no map.
  const features = await fetchAreas<AreaValue>(box.dataset.boundaries ?? '')
  const holder = box.dataset.values ? document.getElementById(box.dataset.values) : null
  const values = holder ? JSON.parse(holder.textContent ?? '{}') as Record<string, AreaValue> : {}
  for (const area of features) Object.assign(area.properties, values[area.properties.code])
  return features
}

/** The paint of the areas, from the colours that the page has at present. */
function fillColour (): ExpressionSpecification {
  const [first, ...others] = Array.from({ length: classCount }, (_, n) => colour(`--app-class-${n + 1}`))
  return ['match', ['get', 'class'], 1, first ?? '', ...others.flatMap((name, n) => [n + 2, name]),
    colour('--app-class-none')] as ExpressionSpecification
}

class AreaMap {
  private readonly box: HTMLElement
  private readonly areas: Area[]
  private readonly holder = element('div', { class: 'app-map__canvas app-map__canvas--waiting' })
  private readonly tip = element('div', { class: 'app-chart-tip', hidden: '', 'aria-hidden': 'true' })
  private readonly readout = element('p', { class: 'app-map__readout', role: 'status' })
  private readonly map: MapLibre
  private readonly addresses: Map<string, string>
  private readonly bounds: LngLatBounds

  constructor (box: HTMLElement, areas: Area[]) {
    this.box = box
    this.areas = areas
    this.bounds = boundsOf(areas)
    this.addresses = addressesIn(box)
    box.append(this.holder)
    this.map = new MapLibre({
      container: this.holder,
      style: box.dataset.tiles ?? plainStyle(),
      bounds: this.bounds,
      fitBoundsOptions: { padding: 20, animate: false },
      cooperativeGestures: true,
      dragRotate: false,
      touchPitch: false,
      pitchWithRotate: false,
      renderWorldCopies: false,
      maxZoom: 17,
      attributionControl: box.dataset.tiles ? {} : false,
      locale: { 'Map.Title': box.dataset.label ?? 'Map' }
    })
    this.map.touchZoomRotate.disableRotation()
    this.map.keyboard.disableRotation()
    this.map.addControl(new NavigationControl({ showCompass: false }))
    this.map.once('load', () => this.begin())
    this.map.on('error', ({ error }) => {
      if (!this.map.loaded() && this.holder.classList.contains('app-map__canvas--waiting')) this.giveUp(error)
    })
  }

  private giveUp (error: { message: string }): void {
    console.warn(`The map stays as drawn: ${error.message}`)
    this.map.remove()
    this.holder.remove()
  }

  private begin (): void {
    this.holder.classList.remove('app-map__canvas--waiting')
    this.box.classList.add('app-map--interactive')
    this.holder.append(this.tip)
    this.box.append(this.choice(), this.readout)
    this.map.addSource('areas', { type: 'geojson', data: { type: 'FeatureCollection', features: this.areas } })
    this.map.addLayer({ id: 'areas', type: 'fill', source: 'areas', paint: { 'fill-opacity': this.box.dataset.tiles ? 0.7 : 1 } })
    this.map.addLayer({ id: 'outlines', type: 'line', source: 'areas', paint: { 'line-width': 0.75 } })
    this.map.addLayer({ id: 'chosen', type: 'line', source: 'areas', filter: ['==', ['get', 'code'], ''], paint: { 'line-width': 3 } })
    this.paint()
    this.map.resize()
    this.map.fitBounds(this.bounds, { padding: 20, animate: false })
    this.listen()
    this.map.once('idle', () => this.box.classList.add('app-map--drawn'))
  }

  private paint (): void {
    if (!this.box.dataset.tiles) this.map.setPaintProperty('ground', 'background-color', colour(groundColour))
    this.map.setPaintProperty('areas', 'fill-color', fillColour())
    this.map.setPaintProperty('outlines', 'line-color', colour('--app-outline'))
    this.map.setPaintProperty('chosen', 'line-color', colour('--govuk-text-colour'))
  }

  private listen (): void {
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.paint())
    const canvas = this.map.getCanvas()
    this.map.on('mousemove', 'areas', event => {
      const area = this.areaOf(event.features)
      canvas.style.cursor = area ? 'pointer' : ''
      if (area) this.point(area, event.point.x, event.point.y)
    })
    this.map.on('mouseleave', 'areas', () => {
      canvas.style.cursor = ''
      this.tip.hidden = true
    })
    // A mouse has shown the value before; a finger has not, so it asks once more.
    this.map.on('click', 'areas', event => {
      const area = this.areaOf(event.features)
      if (!area) return
      if ((event.originalEvent as PointerEvent).pointerType === 'touch') this.choose(area)
      else location.assign(this.addressOf(area))
    })
    document.addEventListener('keydown', event => {
      if (event.key === 'Escape') this.tip.hidden = true
    })
  }

  private addressOf ({ properties }: Area): string {
    return this.addresses.get(properties.code) ?? `/areas/${encodeURIComponent(properties.code)}`
  }

  private areaOf (features: MapGeoJSONFeature[] | undefined): Area | undefined {
    const code = features?.[0]?.properties.code as string | undefined
    return this.areas.find(area => area.properties.code === code)
  }

  private point (area: Area, x: number, y: number): void {
    this.tip.textContent = `${area.properties.name}: ${area.properties.text}`
    this.tip.hidden = false
    const frame = this.holder.getBoundingClientRect()
    const left = Math.min(Math.max(x - this.tip.offsetWidth / 2, 0), frame.width - this.tip.offsetWidth)
    const above = y - this.tip.offsetHeight - 12
    this.tip.style.left = `${Math.max(left, 0)}px`
    this.tip.style.top = `${above >= 0 ? above : y + 20}px`
  }

  /** A list of the areas, for the keyboard and for whoever knows the name. */
  private choice (): HTMLElement {
    const id = freshId('map-area')
    const select = element('select', { class: 'govuk-select', id }, element('option', { value: '' }, 'Whole map'))
    const byName = [...this.areas].sort((a, b) => a.properties.name.localeCompare(b.properties.name, 'en', { numeric: true }))
    for (const { properties } of byName) select.append(element('option', { value: properties.code }, properties.name))
    select.addEventListener('change', () => {
      const area = this.areas.find(({ properties }) => properties.code === select.value)
      if (area) this.choose(area)
      else this.chooseAll()
    })
    return element('div', { class: 'govuk-form-group app-map__choice' },
      element('label', { class: 'govuk-label', for: id }, 'Find an area on the map'), select)
  }

  private choose (area: Area): void {
    const select = this.box.querySelector('select')
    if (select) select.value = area.properties.code
    this.map.setFilter('chosen', ['==', ['get', 'code'], area.properties.code])
    this.map.fitBounds(boundsOf([area]), { padding: 80, maxZoom: 13 })
    this.readout.replaceChildren(
      element('a', { class: 'govuk-link', href: this.addressOf(area) }, area.properties.name), `: ${area.properties.text}`)
  }

  private chooseAll (): void {
    this.map.setFilter('chosen', ['==', ['get', 'code'], ''])
    this.map.fitBounds(this.bounds, { padding: 20 })
    this.readout.replaceChildren()
  }
}

setWorkerUrl(WORKER_PATH)
if (hasWebGl()) {
  for (const box of document.querySelectorAll<HTMLElement>('.app-map[data-boundaries]')) {
    loadAreas(box)
      .then(areas => { if (areas.length > 0) new AreaMap(box, areas) })
      .catch((error: Error) => console.warn(`The map stays as drawn: ${error.message}`))
  }
}
