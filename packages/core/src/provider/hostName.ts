const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
const name = `${label}(?:\\.${label})+`

/** A host name with at least one dot, in lower case, without a port. */
export const hostNamePattern = new RegExp(`^${name}$`)

/** A host name, or `*.` and a host name with a dot. Subdomains of a whole top-level domain belong to others. */
export const hostPattern = new RegExp(`^(?:\\*\\.)?${name}$`)
