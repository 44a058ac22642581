// Building parts of a page from text alone; there is no way here to write markup.

type Attributes = Record<string, string>

export function element<Name extends keyof HTMLElementTagNameMap> (
  name: Name, attributes: Attributes = {}, ...content: Array<Node | string>
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...content)
  return made
}

let count = 0

/** An id that no other element of the page has. */
export function freshId (stem: string): string {
  do count++; while (document.getElementById(`${stem}-${count}`))
  return `${stem}-${count}`
}
