import { errorFromStatus } from "./errorFromStatus.ts"
import type { StatusErrorDetail } from "./errorFromStatus.ts"
import type { ErrorReason } from "./ErrorReason.ts"

/**
 * Returns the reason of a code in a body that copies an HTTP error status, from 400 to 599.
 *
 * ```ts
 * errorFromHttpCode("401", { message: body.msg }) // { _tag: "Unauthorized", code: "401", message: … }
 * errorFromHttpCode(9000) // undefined
 * ```
 *
 * @param code The vendor's code, as number or text.
 * @param detail The vendor's message.
 * @returns Undefined for any other code.
 * @see {@link errorFromStatus} for the reason of each status.
 */
export const errorFromHttpCode = (
  code: string | number | null | undefined,
  detail: StatusErrorDetail = {}
): ErrorReason | undefined =>
  /^[45]\d\d$/.test(String(code))
    ? errorFromStatus(Number(code), { code: String(code), ...detail })
    : undefined

/** The details of an error, and where its code is. */
export interface CodeErrorDetail extends StatusErrorDetail {
  /** The dotted path of the code in the response. @default "code" */
  readonly path?: string
}

/**
 * Returns the reason of a code in a body that is not the vendor's code of success. A code from 400 to 599 copies an HTTP
 * status. Any other code makes the response an `UnexpectedResponse`: look up documented codes in a {@link codeTable} first.
 *
 * ```ts
 * if (body.code !== 0) return queryError(errorFromCode(body.code, { message: body.message }))
 * ```
 *
 * @param code The vendor's code, as number or text.
 * @param detail The vendor's message, and the path of the code.
 */
export const errorFromCode = (
  code: string | number,
  { path = "code", ...detail }: CodeErrorDetail = {}
): ErrorReason =>
  errorFromHttpCode(code, detail) ?? { _tag: "UnexpectedResponse", path, code: String(code), ...detail }
