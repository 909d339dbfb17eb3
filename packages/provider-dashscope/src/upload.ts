/**
 * How a file is uploaded: a policy allows a form to be sent to the vendor's storage, without the API key. The file is bound
 * to the model, and is deleted after 48 hours. See https://www.alibabacloud.com/help/en/model-studio/get-temporary-file-url
 */
import { firstStringAt, unexpectedOutcome, valueAt } from "@gentask/core/provider"
import type { UploadOperation } from "@gentask/core/provider"

/** The fields of the form, and their names in the policy. */
const fields: ReadonlyArray<readonly [string, string]> = [
  ["OSSAccessKeyId", "oss_access_key_id"],
  ["Signature", "signature"],
  ["policy", "policy"],
  ["x-oss-object-acl", "x_oss_object_acl"],
  ["x-oss-forbid-overwrite", "x_oss_forbid_overwrite"]
]

export const upload: UploadOperation = {
  request: (_file, _settings, model) => ({
    method: "GET",
    path: "/api/v1/uploads",
    query: { action: "getPolicy", model }
  }),
  decode: (body, _head, file) => {
    const read = (name: string): string | undefined => {
      const value = valueAt(body, `data.${name}`)
      return typeof value === "boolean" ? String(value) : firstStringAt(body, `data.${name}`)
    }
    const host = firstStringAt(body, "data.upload_host")
    const folder = firstStringAt(body, "data.upload_dir")
    const missing = ["upload_host", "upload_dir", ...fields.map(([, source]) => source)].find(
      (name) => read(name) === undefined
    )
    if (host === undefined || folder === undefined || missing !== undefined)
      return unexpectedOutcome(body, `data.${missing ?? ""}`, "The policy is not complete")
    const key = `${folder}/${file.name.replaceAll(/[^\w.-]/g, "_")}`
    return {
      _tag: "SendTo",
      reference: `oss://${key}`,
      request: {
        method: "POST",
        url: host,
        multipart: [
          ...fields.map(([name, source]) => ({ name, value: read(source) ?? "" })),
          { name: "key", value: key },
          { name: "success_action_status", value: "200" },
          { name: "x-oss-content-type", value: file.mediaType },
          { name: "file", file }
        ]
      }
    }
  }
}
