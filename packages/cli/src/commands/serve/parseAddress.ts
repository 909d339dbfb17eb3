/** A host and a port. */
export interface Address {
  /** A name or an IP address, without brackets. */
  readonly host: string
  readonly port: number
}

/** An example for messages. */
export const addressExample = "127.0.0.1:4370 or [::1]:4370"

/** Parses `HOST:PORT`. Undefined if it is invalid. */
export const parseAddress = (text: string): Address | undefined => {
  const [, v6, name, digits] = /^(?:\[([\da-f:.]+)\]|([^\s:/@[\]]+)):(\d{1,5})$/i.exec(text) ?? []
  const host = v6 ?? name
  const port = Number(digits)
  return host === undefined || port > 65_535 ? undefined : { host, port }
}
