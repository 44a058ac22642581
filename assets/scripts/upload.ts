// How far an upload has come.  Without this the form works all the same, only in silence.
//
//     <form method="post" enctype="multipart/form-data" data-upload>
//
// The server answers as it does without scripts: with the page of the import, or with the form
// again and what was wrong in it.

import { element, freshId } from './dom'

const units = ['bytes', 'kB', 'MB', 'GB']

function sizeInWords (bytes: number): string {
  let unit = 0
  let value = bytes
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

class Upload {
  private readonly form: HTMLFormElement
  private readonly enhance: (scope: HTMLElement) => void
  private readonly bar: HTMLProgressElement
  private readonly status: HTMLElement
  private readonly cancel: HTMLButtonElement
  private readonly box: HTMLElement
  private request: XMLHttpRequest | null = null
  private told = -1 // the tenth that was last read out

  constructor (form: HTMLFormElement, enhance: (scope: HTMLElement) => void) {
    this.form = form
    this.enhance = enhance
    const labelId = freshId('upload')
    this.bar = element('progress', { class: 'app-progress', 'aria-labelledby': labelId, max: '1', value: '0' })
    this.status = element('p', { class: 'govuk-body', id: labelId, role: 'status' })
    this.cancel = element('button', { class: 'govuk-button govuk-button--secondary', type: 'button' },
      'Stop the upload')
    this.box = element('div', { class: 'app-upload', hidden: '' }, this.bar, this.status, this.cancel)
    form.append(this.box)
    form.addEventListener('submit', event => {
      event.preventDefault()
      if (!this.request) this.start()
    })
    this.cancel.addEventListener('click', () => this.request?.abort())
  }

  private start (): void {
    const request = new XMLHttpRequest()
    this.request = request
    this.told = -1
    request.open('POST', this.form.action)
    request.upload.addEventListener('progress', event => this.showProgress(event))
    request.upload.addEventListener('load', () => this.say('All sent. Waiting for the server.'))
    request.addEventListener('load', () => this.arrive(request))
    request.addEventListener('error', () => this.end('The upload broke off. Nothing was stored. Send it again.'))
    request.addEventListener('abort', () => this.end('The upload was stopped. Nothing was stored.'))
    this.box.hidden = false
    this.cancel.hidden = false
    this.bar.hidden = false
    this.say('Sending.')
    request.send(new FormData(this.form))
  }

  /** The bar moves with every report; words only at each tenth, so that they can be listened to. */
  private showProgress (event: ProgressEvent): void {
    if (!event.lengthComputable) return
    this.bar.value = event.loaded / event.total
    const tenth = Math.floor(10 * event.loaded / event.total)
    if (tenth === this.told) return
    this.told = tenth
    this.say(`Sent ${sizeInWords(event.loaded)} of ${sizeInWords(event.total)}.`)
  }

  private arrive (request: XMLHttpRequest): void {
    this.request = null
    const address = new URL(request.responseURL)
    if (request.status < 400 && address.pathname !== new URL(this.form.action).pathname) {
      location.assign(address)
      return
    }
    const page = new DOMParser().parseFromString(request.responseText, 'text/html')
    const here = document.querySelector('main')
    const there = page.querySelector('main')
    if (here && there) {
      document.title = page.title
      here.replaceChildren(...there.childNodes)
      this.enhance(here)
    } else {
      this.end(`The server did not take it: ${request.status} ${request.statusText}.`)
    }
  }

  private end (sentence: string): void {
    this.request = null
    this.bar.hidden = true
    this.cancel.hidden = true
    this.say(sentence)
  }

  private say (sentence: string): void {
    this.status.textContent = sentence
  }
}

/** `enhance` is for what the server sends instead of the form. */
export function enhanceUploads (scope: HTMLElement, enhance: (scope: HTMLElement) => void): void {
  for (const form of scope.querySelectorAll<HTMLFormElement>('form[data-upload]')) new Upload(form, enhance)
}
