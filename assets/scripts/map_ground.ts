// What all maps stand on: areas of our own, drawn in the page's colours.

import type { Feature, MultiPolygon, Polygon } from 'geojson'
import { LngLatBounds, type StyleSpecification } from 'maplibre-gl'

export type Outline<More> = Feature<Polygon | MultiPolygon, { code: string, name: string } & More>

export const groundColour = '--govuk-body-background-colour'

export function hasWebGl (): boolean {
  return document.createElement('canvas').getContext('webgl2') !== null
}

export function colour (name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

export function boundsOf (areas: Array<Outline<unknown>>): LngLatBounds {
  const bounds = new LngLatBounds()
  for (const { geometry } of areas) {
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
    for (const [outline] of polygons) {
      for (const [x, y] of outline ?? []) bounds.extend([x ?? 0, y ?? 0])
    }
  }
  return bounds
}

/** The areas of an address of the API that have an outline. */
export async function fetchAreas<More> (address: string): Promise<Array<Outline<More>>> {
  const response = await fetch(address, { headers: { accept: 'application/geo+json' } })
  if (!response.ok) throw new Error(`boundaries: status ${response.status}`)
  const { features } = await response.json() as { features: Array<Outline<More> | { geometry: null }> }
  return features.filter((area): area is Outline<More> => area.geometry !== null)
}

export function plainStyle (): StyleSpecification {
  return {
    version: 8,
    sources: {},
    layers: [{ id: 'ground', type: 'background', paint: { 'background-color': colour(groundColour) } }]
  }
}
