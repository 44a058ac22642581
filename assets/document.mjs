// A document of docs/ as the markup of a page's main part: GOV.UK classes, headings to link to,
// wide things that scroll by themselves.  Its source is the project's own, and it holds no markup.

import { Marked } from 'marked'

const headingClasses = ['xl', 'l', 'm', 's', 's', 's']
const scrolling = (classes, label) =>
  `class="${classes}" role="region" aria-label="${escapeText(label)}" tabindex="0"`

/** The text itself, with a number after it from its second use on: " 2", " 3" ... */
function unique (text, taken, separator) {
  let name = text
  for (let n = 2; taken.has(name); n++) name = `${text}${separator}${n}`
  taken.add(name)
  return name
}

function escapeText (text) {
  return text.replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c])
}

/** An address within the page: "A rate per 1,000 people" becomes "a-rate-per-1-000-people". */
function slugOf (text, taken) {
  const base = text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '')
  return unique(base, taken, '-')
}

function contentsOf (headings) {
  const items = headings.filter(heading => heading.depth === 2).map(({ slug, html }) =>
    `<li><a class="govuk-link" href="#${slug}">${html}</a></li>`)
  return '<nav class="app-contents" aria-label="Contents of this page">\n' +
    `<ul class="govuk-list">\n${items.join('\n')}\n</ul>\n</nav>\n`
}

/**
 * @param {string} source - Markdown
 * @returns {string} markup; a list of contents follows the first paragraph
 */
export function toMarkup (source) {
  const taken = new Set(['main-content'])
  const labels = new Set()
  const headings = []
  let underTitle = 'Table'

  const renderer = {
    heading ({ tokens, depth }) {
      const html = this.parser.parseInline(tokens)
      const plain = this.parser.parseInline(tokens, this.parser.textRenderer)
      const slug = slugOf(plain, taken)
      underTitle = plain
      headings.push({ depth, slug, html })
      return `<h${depth} class="govuk-heading-${headingClasses[depth - 1]}" id="${slug}">${html}</h${depth}>\n`
    },
    paragraph ({ tokens }) {
      return `<p class="govuk-body">${this.parser.parseInline(tokens)}</p>\n`
    },
    list ({ ordered, items }) {
      const name = ordered ? 'ol' : 'ul'
      const kind = ordered ? 'number' : 'bullet'
      const body = items.map(item => `<li>${this.parser.parse(item.tokens, item.loose)}</li>\n`).join('')
      return `<${name} class="govuk-list govuk-list--${kind}">\n${body}</${name}>\n`
    },
    link ({ href, tokens }) {
      return `<a class="govuk-link" href="${escapeText(href)}">${this.parser.parseInline(tokens)}</a>`
    },
    code ({ text }) {
      const attributes = scrolling('app-formula app-scroll', unique(`Formula: ${underTitle}`, labels, ' '))
      return `<pre ${attributes}><code>${escapeText(text)}</code></pre>\n`
    },
    table ({ header, rows }) {
      const cell = (token, name, attributes) =>
        `<${name} ${attributes}>${this.parser.parseInline(token.tokens)}</${name}>`
      const head = header.map(token => cell(token, 'th', 'scope="col" class="govuk-table__header"'))
      const body = rows.map(row => '<tr class="govuk-table__row">' +
        row.map(token => cell(token, 'td', 'class="govuk-table__cell"')).join('') + '</tr>\n')
      return `<div ${scrolling('app-scroll', unique(`Table: ${underTitle}`, labels, ' '))}>\n<table class="govuk-table">\n` +
        `<thead class="govuk-table__head"><tr class="govuk-table__row">${head.join('')}</tr></thead>\n` +
        `<tbody class="govuk-table__body">\n${body.join('')}</tbody>\n</table>\n</div>\n`
    },
    html ({ text }) {
      throw new Error(`markup in a document: ${text.trim()}`)
    }
  }

  const marked = new Marked({ gfm: true, renderer })
  const html = marked.parse(source)
  const afterFirstParagraph = html.indexOf('</p>') + '</p>\n'.length
  return html.slice(0, afterFirstParagraph) + contentsOf(headings) + html.slice(afterFirstParagraph)
}
