/** The rules of a task script that depend on its vendor. */
import type { QueryFault } from "./faults/QueryFault.ts"
import { retryAfterInBody } from "./faults/retryAfter.ts"
import { quoteAll } from "./fieldSchemas.ts"
import { dialects, isModuleName } from "./vendors/vendorNames.ts"
import { hasResultList, kindOf, traitsOf } from "./vendors/traitsOf.ts"
import type { TaskScript } from "./TaskScript.ts"

/** A rule that a script breaks. */
export interface BrokenRule {
  /** The path of the field. */
  readonly path: PropertyKey[]
  /** What is expected instead. */
  readonly message: string
}

/** A string in V8 has at most 2^29 characters, and base64 needs four of them for three bytes. */
const maxBase64Size = 2 ** 28

/** RIFF counts its bytes in 32 bits, without the first 8. */
const maxWebpSize = 2 ** 32

const isRetryAfterInBody = (fault: QueryFault): boolean =>
  (fault.fault === "business" && fault.retryAfter !== undefined) ||
  (fault.fault === "status" && retryAfterInBody(fault.retryAfter) !== undefined)

const checkFault = (fault: QueryFault, index: number, script: TaskScript): readonly BrokenRule[] => {
  const { vendor } = script
  const { hasNumericCodes = false, hasRetryAfterInBody = false } = traitsOf(vendor)
  if (!hasRetryAfterInBody && isRetryAfterInBody(fault)) {
    const message = `a task of ${vendor} cannot have Retry-After in the body`
    return [{ path: ["faults", index, "retryAfter"], message }]
  }
  if (fault.fault === "reordered" && !hasResultList({ vendor, kind: kindOf(script) })) {
    const message = `the ${kindOf(script)} of a task of ${vendor} is not in a list of results`
    return [{ path: ["faults", index, "fault"], message }]
  }
  return hasNumericCodes && fault.fault === "business" && typeof fault.code === "string"
    ? [{ path: ["faults", index, "code"], message: `expected a number for a task of ${vendor}` }]
    : []
}

const checkSize = (script: TaskScript): readonly BrokenRule[] => {
  const { vendor, media, mediaSize = 0 } = script
  if (vendor === "jimeng" && kindOf(script) === "image" && mediaSize > maxBase64Size) {
    const message = `expected at most ${maxBase64Size} for a jimeng image, which can be requested in base64`
    return [{ path: ["mediaSize"], message }]
  }
  return (media?.includes("webp") === true || media?.includes("wav") === true) && mediaSize > maxWebpSize
    ? [{ path: ["mediaSize"], message: `expected at most ${maxWebpSize} for a webp or a wav` }]
    : []
}

const checkDialect = ({ vendor, dialect }: TaskScript): readonly BrokenRule[] => {
  const known: readonly string[] = dialects[vendor]
  return dialect === undefined || known.includes(dialect)
    ? []
    : [{ path: ["dialect"], message: `expected one of ${quoteAll(known)} for a task of ${vendor}` }]
}

const checkJimeng = ({ vendor, failure, inline, reqKey }: TaskScript): readonly BrokenRule[] => {
  if (isModuleName(vendor)) {
    return reqKey === undefined ? [] : [{ path: ["reqKey"], message: "only a jimeng task has this field" }]
  }
  if (vendor === "jimeng") {
    return typeof failure?.code === "string"
      ? [{ path: ["failure", "code"], message: "expected a number for a task of jimeng" }]
      : []
  }
  return Object.entries({ inline, reqKey })
    .filter(([, value]) => value !== undefined)
    .map(([field]) => ({ path: [field], message: "only a jimeng task has this field" }))
}

/** The vendor's rules that a script breaks. */
export const brokenVendorRules = (script: TaskScript): readonly BrokenRule[] => [
  ...checkDialect(script),
  ...checkJimeng(script),
  ...checkSize(script),
  ...(script.faults ?? []).flatMap((fault, index) => checkFault(fault, index, script))
]
