// An import that is still running tells how far it is, until its page can be shown anew.
//
//     <div data-import="/imports/7.json"><p class="govuk-body">Reading.</p></div>
//
// The answer is {"state": "running", "text": "Reading: 1,200 rows.", "share": 0.4}; `share` is of
// the whole and may be null; any other state is an end, and the page itself says which.

import { element, freshId } from './dom'

interface Progress {
  state: string
  text: string
  share: number | null
}

const second = 1000

async function follow (box: HTMLElement, address: string): Promise<void> {
  const labelId = freshId('import')
  const bar = element('progress', { class: 'app-progress', 'aria-labelledby': labelId, max: '1' })
  const status = element('p', { class: 'govuk-body', id: labelId, role: 'status' })
  status.textContent = box.textContent?.trim() ?? ''
  box.replaceChildren(bar, status)
  for (let failures = 0; failures < 5;) {
    await new Promise(resolve => setTimeout(resolve, second))
    try {
      const response = await fetch(address, { headers: { accept: 'application/json' } })
      if (!response.ok) throw new Error(`status ${response.status}`)
      const progress = await response.json() as Progress
      if (progress.state !== 'running') {
        location.reload()
        return
      }
      failures = 0
      if (status.textContent !== progress.text) status.textContent = progress.text
      if (progress.share === null) bar.removeAttribute('value')
      else bar.value = progress.share
    } catch {
      failures++
    }
  }
  bar.hidden = true
  status.textContent = 'The server does not answer. Load this page again to see how the import went.'
}

export function followImports (scope: HTMLElement): void {
  for (const box of scope.querySelectorAll<HTMLElement>('[data-import]')) {
    void follow(box, box.dataset.import ?? '')
  }
}
