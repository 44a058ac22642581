import { setWorkerUrl, Map } from 'maplibre-gl'

declare const WORKER_PATH: string

setWorkerUrl(WORKER_PATH)
for (const box of document.querySelectorAll<HTMLElement>('.app-map')) new Map({ container: box, style: { version: 8, sources: {}, layers: [] } })
