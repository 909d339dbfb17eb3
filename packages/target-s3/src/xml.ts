/** Reads the XML of responses, which has no attributes and no nested elements of the same name. */

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" }

const decodeEntities = (text: string): string =>
  text.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/gi,
    (all, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? all
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : all
    }
  )

/** The name of the root element. */
export const rootOf = (xml: string): string | undefined =>
  /^\s*(?:<\?[^]*?\?>\s*)?<([A-Za-z]+)[\s>/]/.exec(xml)?.[1]

/** The raw contents of all elements with a name. */
export const elements = (xml: string, name: string): ReadonlyArray<string> =>
  [...xml.matchAll(new RegExp(`<${name}>([^]*?)</${name}>`, "g"))].map(([, content = ""]) => content)

/** The text of the first element with a name. */
export const textOf = (xml: string, name: string): string | undefined => {
  const [content] = elements(xml, name)
  return content === undefined ? undefined : decodeEntities(content)
}

/** Encodes text as the content of an element. */
export const encodeText = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
