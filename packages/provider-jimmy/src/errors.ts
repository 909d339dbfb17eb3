import { classifyFailure, codeAt, readErrorDetail } from "@gentask/core/provider"
import type { ErrorFormat } from "@gentask/core/provider"

// 20000 is documented. 0 and 200 occur around whole tasks.
export const successCodes: ReadonlySet<string> = new Set(["20000", "0", "200"])

/** The vendor has no such model or parameter, whatever the code is. */
const aboutInput = /不支持的模型参数|配置不存在|请改用/

/** A timeout, a conflict or a server error may leave a task behind, whatever its message is. */
const isRejection = (status: number): boolean => status < 500 && ![408, 409, 425].includes(status)

export const errors: ErrorFormat = {
  read: (body, { status }, operation) => {
    const code = codeAt(body, "code")
    if (code !== undefined && successCodes.has(code) && operation !== "submit") return undefined
    const detail = readErrorDetail(body)
    const isUndocumented = operation === "submit" && code !== "20001" && code !== "-1" && isRejection(status)
    if (isUndocumented && aboutInput.test(detail.message ?? "")) return { _tag: "InvalidRequest", ...detail }
    // The vendor documents no code for an empty account.
    if ((isUndocumented || code === "20002") && classifyFailure(detail.message)?.reason === "quota")
      return { _tag: "InsufficientCredits", ...detail }
    return code === undefined || successCodes.has(code)
      ? undefined
      : { message: "The code is not 20000", ...detail, code }
  },
  // From the vendor's list of errors, which it returns in HTTP 200. They mean the same with any HTTP status.
  codes: [
    { codes: [20_001], error: "Unauthorized" },
    { codes: [20_002], error: "InvalidRequest" },
    { codes: [-1], error: "Unavailable" }
  ]
}
