// The map on which a point is chosen, by pointing at it or by the keyboard.
//
//     <div class="app-point" data-question="where" data-boundaries="/api/v1/boundaries?..."
//          data-title="Map to choose the point on" data-near="You have chosen ... %{point}" ...></div>
//
// It fills the boxes NAME-latitude and NAME-longitude, and draws what they say: a square as large as
// the server's rounding, or the point itself where NAME-exact is ticked.  What is rounded is
// rounded here, so that the exact point does not leave the browser.  All it loads is the outlines;
// nothing depends on where somebody looks.

import type { Feature } from 'geojson'
import { GeoJSONSource, Map as MapLibre, NavigationControl, type LngLat } from 'maplibre-gl'

import { element, freshId } from './dom'
import { boundsOf, colour, fetchAreas, groundColour, hasWebGl, plainStyle, type Outline } from './map_ground'

const coarse = 0.01 // degrees
const nearZoom = 11

interface Point {
  latitude: number
  longitude: number
}

function inWords (degrees: number, isExact: boolean): string {
  return degrees.toFixed(isExact ? 5 : 2).replace(/^-(0\.0+)$/, '$1')
}

/** What is kept of a point: the square of the server's rounding around it, or itself. */
function shapeOf ({ latitude, longitude }: Point, isExact: boolean): Feature {
  if (isExact) {
    return { type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [longitude, latitude] } }
  }
  const [x, y] = [longitude, latitude].map(degrees => Math.round(degrees / coarse) * coarse) as [number, number]
  const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]] as const
  const ring = corners.map(([right, up]) => [x + right * coarse / 2, y + up * coarse / 2])
  return { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [ring] } }
}

class PointMap {
  private readonly words: DOMStringMap
  private readonly holder = element('div', { class: 'app-map__canvas app-point__canvas' })
  private readonly readout = element('p', { class: 'app-map__readout', role: 'status' })
  private readonly latitude: HTMLInputElement
  private readonly longitude: HTMLInputElement
  private readonly exact: HTMLInputElement | null
  private readonly map: MapLibre
  private pointed: Point | null = null // as somebody pointed, before it is rounded

  constructor (box: HTMLElement, areas: Array<Outline<unknown>>) {
    this.words = box.dataset
    this.latitude = this.control(box, 'latitude') as HTMLInputElement
    this.longitude = this.control(box, 'longitude') as HTMLInputElement
    this.exact = this.control(box, 'exact')
    const help = element('p', { class: 'govuk-body', id: freshId('map-help') }, this.words.help ?? '')
    const use = element('button', { type: 'button', class: 'govuk-button govuk-button--secondary' }, this.words.use ?? '')
    box.append(help, this.holder, use, this.readout)
    this.holder.append(element('div', { class: 'app-point__cross', 'aria-hidden': 'true' }))
    this.map = new MapLibre({
      container: this.holder,
      style: plainStyle(),
      bounds: boundsOf(areas),
      fitBoundsOptions: { padding: 20, animate: false },
      cooperativeGestures: true,
      dragRotate: false,
      touchPitch: false,
      pitchWithRotate: false,
      renderWorldCopies: false,
      maxZoom: 17,
      attributionControl: false,
      locale: this.locale()
    })
    this.map.touchZoomRotate.disableRotation()
    this.map.keyboard.disableRotation()
    this.map.addControl(new NavigationControl({ showCompass: false }))
    const canvas = this.map.getCanvas()
    // Screen readers leave the arrow keys to an application.
    canvas.setAttribute('role', 'application')
    canvas.setAttribute('aria-describedby', help.id)
    this.map.once('load', () => { this.begin(box, areas) })
    use.addEventListener('click', () => { this.choose(this.map.getCenter()) })
    canvas.addEventListener('keydown', event => {
      if (event.key !== 'Enter') return
      event.preventDefault()
      this.choose(this.map.getCenter())
    })
  }

  private control (box: HTMLElement, part: string): HTMLInputElement | null {
    const name = `${this.words.question}-${part}`
    return (box.closest('form') ?? document).querySelector<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)
  }

  private locale (): Record<string, string> {
    const { title, zoomIn, zoomOut, fingers, wheel } = this.words
    return {
      'Map.Title': title ?? '',
      'NavigationControl.ZoomIn': zoomIn ?? '',
      'NavigationControl.ZoomOut': zoomOut ?? '',
      'CooperativeGesturesHandler.WindowsHelpText': wheel ?? '',
      'CooperativeGesturesHandler.MacHelpText': wheel ?? '',
      'CooperativeGesturesHandler.MobileHelpText': fingers ?? ''
    }
  }

  private begin (box: HTMLElement, areas: Array<Outline<unknown>>): void {
    this.map.addSource('areas', { type: 'geojson', data: { type: 'FeatureCollection', features: areas } })
    this.map.addSource('point', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
    this.map.addLayer({ id: 'areas', type: 'fill', source: 'areas' })
    this.map.addLayer({ id: 'outlines', type: 'line', source: 'areas', paint: { 'line-width': 0.75 } })
    this.map.addLayer({ id: 'square', type: 'fill', source: 'point', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-opacity': 0.6 } })
    this.map.addLayer({ id: 'edge', type: 'line', source: 'point', paint: { 'line-width': 3 } })
    this.map.addLayer({ id: 'exact', type: 'circle', source: 'point', filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': 8, 'circle-stroke-width': 3 } })
    this.paint()
    const typed = this.typed()
    if (typed) this.map.jumpTo({ center: [typed.longitude, typed.latitude], zoom: nearZoom })
    this.draw()
    this.listen()
    this.map.once('idle', () => { box.classList.add('app-point--drawn') })
  }

  private paint (): void {
    this.map.setPaintProperty('ground', 'background-color', colour(groundColour))
    this.map.setPaintProperty('areas', 'fill-color', colour('--app-class-none'))
    this.map.setPaintProperty('outlines', 'line-color', colour('--app-outline'))
    this.map.setPaintProperty('square', 'fill-color', colour('--govuk-focus-colour'))
    this.map.setPaintProperty('edge', 'line-color', colour('--govuk-text-colour'))
    this.map.setPaintProperty('exact', 'circle-color', colour('--govuk-focus-colour'))
    this.map.setPaintProperty('exact', 'circle-stroke-color', colour('--govuk-text-colour'))
  }

  private listen (): void {
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { this.paint() })
    this.map.on('click', ({ lngLat }) => { this.choose(lngLat) })
    this.map.on('moveend', (event: object) => {
      if ('isAfterChoice' in event) return
      const { lat, lng } = this.map.getCenter()
      this.say(this.words.cross, { latitude: lat, longitude: lng })
    })
    for (const box of [this.latitude, this.longitude]) {
      box.addEventListener('input', () => {
        this.pointed = null
        this.draw()
      })
    }
    this.exact?.addEventListener('change', () => {
      if (this.pointed) this.fill(this.pointed)
      this.draw()
    })
  }

  private get isExact (): boolean {
    return this.exact?.checked ?? false
  }

  /** The point that stands in the boxes, or null. */
  private typed (): Point | null {
    const [latitude, longitude] = [this.latitude, this.longitude].map(({ value }) => value.trim() ? Number(value) : NaN)
    return Number.isFinite(latitude) && Number.isFinite(longitude) && Math.abs(latitude ?? 90) < 90
      ? { latitude, longitude } as Point
      : null
  }

  private choose (point: LngLat): void {
    this.pointed = { latitude: point.lat, longitude: point.lng }
    this.fill(this.pointed)
    this.draw()
    // From far away the square is a dot, and where it lies cannot be seen.
    if (this.map.getZoom() < nearZoom) this.map.easeTo({ center: point, zoom: nearZoom }, { isAfterChoice: true })
  }

  private fill ({ latitude, longitude }: Point): void {
    this.latitude.value = inWords(latitude, this.isExact)
    this.longitude.value = inWords(longitude, this.isExact)
    this.say(this.isExact ? this.words.at : this.words.near, { latitude, longitude })
  }

  private draw (): void {
    const typed = this.typed()
    const source = this.map.getSource('point') as GeoJSONSource
    source.setData({ type: 'FeatureCollection', features: typed ? [shapeOf(typed, this.isExact)] : [] })
  }

  /** A sentence about a point, with the area it lies in. */
  private say (sentence: string | undefined, { latitude, longitude }: Point): void {
    const [area] = this.map.queryRenderedFeatures(this.map.project([longitude, latitude]), { layers: ['areas'] })
    const degrees = `${inWords(latitude, this.isExact)}, ${inWords(longitude, this.isExact)}`
    const name = area?.properties.name as string | undefined
    this.readout.textContent = (sentence ?? '').replace('%{point}', name ? `${degrees} (${name})` : degrees)
  }
}

/** Without WebGL and without outlines there is no map, and the boxes are as they were. */
export async function showPointMap (box: HTMLElement): Promise<void> {
  if (!hasWebGl()) return
  const areas = await fetchAreas(box.dataset.boundaries ?? '')
  if (areas.length > 0) new PointMap(box, areas)
}
