// The map on which a point is chosen comes when somebody opens it: most say where by a name, and
// some have little to pay for it with.

interface MapScript {
  showPointMap: (box: HTMLElement) => Promise<void>
}

function loadStyle (address: string): Promise<unknown> {
  const link = document.createElement('link')
  link.rel = 'stylesheet'
  link.href = address
  const loaded = new Promise((resolve, reject) => {
    link.addEventListener('load', resolve)
    link.addEventListener('error', () => { reject(new Error(`${address} is not there`)) })
  })
  document.head.append(link)
  return loaded
}

async function load (box: HTMLElement): Promise<void> {
  const { script, style } = box.dataset
  if (!script || !style) return
  try {
    const [{ showPointMap }] = await Promise.all([import(script) as Promise<MapScript>, loadStyle(style)])
    await showPointMap(box)
  } catch (error) {
    console.warn(`There is no map: ${(error as Error).message}`)
  }
}

export function offerPointMaps (scope: HTMLElement): void {
  for (const box of scope.querySelectorAll<HTMLElement>('.app-point')) {
    const details = box.closest('details')
    if (!details || details.open) void load(box)
    else details.addEventListener('toggle', () => { void load(box) }, { once: true })
  }
}
