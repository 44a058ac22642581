// The values of a chart, where one points or moves with the arrow keys.
//
// A mark of the drawing carries its sentence in data-value ("May 2023: 173 offences").  A chart
// whose marks are no links takes the focus itself; left and right move along its marks.

import { element, freshId } from './dom'

const hint = 'Use the left and right arrow keys to read the values.'

class ChartTip {
  private readonly svg: SVGSVGElement
  private readonly marks: SVGGraphicsElement[]
  private readonly tip = element('div', { class: 'app-chart-tip', hidden: '' })
  private readonly spoken = element('div', { class: 'govuk-visually-hidden', role: 'status' })
  private readonly ring = document.createElementNS('http://www.w3.org/2000/svg', 'circle')
  private current = -1

  constructor (svg: SVGSVGElement, marks: SVGGraphicsElement[]) {
    this.svg = svg
    this.marks = marks
    this.ring.classList.add('app-chart__here')
    this.ring.setAttribute('r', '7')
    this.tip.setAttribute('aria-hidden', 'true') // `spoken` says it
    const box = element('div', { class: 'app-chart-box' })
    svg.replaceWith(box)
    box.append(svg, this.tip, this.spoken)
    if (!svg.querySelector('a')) this.listenToKeys(box)
    this.listenToPointer()
    svg.addEventListener('focusin', event => this.showMarkOf(event.target as Element))
    svg.addEventListener('focusout', () => this.hide())
  }

  private listenToKeys (box: HTMLElement): void {
    const hintId = freshId('chart-keys')
    box.append(element('span', { id: hintId, hidden: '' }, hint))
    const described = this.svg.getAttribute('aria-describedby')
    this.svg.setAttribute('aria-describedby', described ? `${described} ${hintId}` : hintId)
    this.svg.setAttribute('tabindex', '0')
    this.svg.classList.add('app-chart-keys')
    this.svg.addEventListener('keydown', event => {
      const last = this.marks.length - 1
      switch (event.key) {
        case 'ArrowRight': this.show(Math.min(this.current + 1, last), true); break
        case 'ArrowLeft': this.show(this.current < 0 ? last : Math.max(this.current - 1, 0), true); break
        case 'Home': this.show(0, true); break
        case 'End': this.show(last, true); break
        default: return
      }
      event.preventDefault()
    })
  }

  private listenToPointer (): void {
    const follow = (event: PointerEvent) => this.show(this.nearest(event.clientX, event.clientY), false)
    this.svg.addEventListener('pointermove', follow)
    this.svg.addEventListener('pointerdown', follow)
    this.svg.addEventListener('pointerleave', event => {
      if (event.pointerType === 'mouse') this.hide()
    })
    document.addEventListener('pointerdown', event => {
      if (!this.svg.contains(event.target as Node)) this.hide()
    })
    document.addEventListener('keydown', event => {
      if (event.key === 'Escape') this.hide()
    })
  }

  private showMarkOf (target: Element): void {
    const index = this.marks.findIndex(mark => target !== this.svg && (target.contains(mark) || mark.contains(target)))
    if (index >= 0) this.show(index, false) // the link itself is read out
  }

  /** The mark closest to a point of the window; within its box the distance is 0. */
  private nearest (x: number, y: number): number {
    let best = -1
    let bestDistance = Infinity
    this.marks.forEach((mark, index) => {
      const box = mark.getBoundingClientRect()
      const dx = Math.max(box.left - x, 0, x - box.right)
      const dy = Math.max(box.top - y, 0, y - box.bottom)
      if (dx * dx + dy * dy < bestDistance) {
        bestDistance = dx * dx + dy * dy
        best = index
      }
    })
    return best
  }

  private show (index: number, isSpoken: boolean): void {
    const mark = this.marks[index]
    if (!mark) return
    const text = mark.dataset.value ?? ''
    if (index !== this.current) {
      this.current = index
      this.tip.textContent = text
      this.circle(mark)
    }
    if (isSpoken) this.spoken.textContent = text
    this.tip.hidden = false
    this.place(mark)
  }

  /** Show on the drawing which mark it is; what is larger than a point shows by itself. */
  private circle (mark: SVGGraphicsElement): void {
    const box = mark.getBBox()
    const isPoint = box.width < 20 && box.height < 20
    if (!isPoint) {
      this.ring.remove()
      return
    }
    this.ring.setAttribute('cx', String(box.x + box.width / 2))
    this.ring.setAttribute('cy', String(box.y + box.height / 2))
    mark.after(this.ring)
  }

  private place (mark: SVGGraphicsElement): void {
    const frame = (this.tip.offsetParent ?? this.svg).getBoundingClientRect()
    const box = mark.getBoundingClientRect()
    const centre = (box.left + box.right) / 2 - frame.left
    const left = Math.min(Math.max(centre - this.tip.offsetWidth / 2, 0), frame.width - this.tip.offsetWidth)
    const above = box.top - frame.top - this.tip.offsetHeight - 12
    this.tip.style.left = `${Math.max(left, 0)}px`
    this.tip.style.top = `${above >= 0 ? above : box.bottom - frame.top + 12}px`
  }

  private hide (): void {
    this.tip.hidden = true
    this.spoken.textContent = ''
    this.ring.remove()
    this.current = -1
  }
}

export function enhanceCharts (scope: HTMLElement): void {
  for (const svg of scope.querySelectorAll<SVGSVGElement>('svg.app-chart')) {
    const marks = [...svg.querySelectorAll<SVGGraphicsElement>('[data-value]')]
    if (marks.length > 0) new ChartTip(svg, marks)
  }
}
