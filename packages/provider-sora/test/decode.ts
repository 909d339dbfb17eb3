import { decodeRecorded } from "@gentask/testing"
import { sora } from "../src/index.ts"

/** Decodes a response to the snapshot, or to the reason of the error. */
export const decode = (body: unknown, status = 200): unknown => {
  const account = sora({ endpoint: "jxincm", apiKey: "key" })
  const decoded = decodeRecorded(account, "sora:sora-2:task_1", { body, status })
  return "snapshot" in decoded ? decoded.snapshot : "reason" in decoded ? decoded.reason : decoded
}
