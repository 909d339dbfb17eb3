/**
 * DashScope's uploads: a policy for a form that is sent to the object store.
 *
 * Documented: the request, the policy and the form, that a file is bound to a model and kept for 48 hours, and the header
 * of a submit that names one (https://www.alibabacloud.com/help/en/model-studio/get-temporary-file-url). Invented: the
 * values of the policy, and the error for a file that is unknown or of another model.
 */
import { randomUUID } from "node:crypto"
import { isRecord } from "../../json.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import type { VendorContext, VendorRequest, VendorRoute } from "../VendorModule.ts"
import { errors, invalidParameter } from "./errors.ts"

const lifetime = 48 * 3_600_000

const prefix = "oss://"

/** The uploads of one emulator. */
export interface Uploads {
  /** The route that returns a policy. */
  readonly route: VendorRoute
  /** What is wrong with the files that a submit names, or undefined. */
  readonly problemOf: (request: VendorRequest, body: unknown, model: string) => WireResponse | undefined
}

/** The files that a JSON value names. */
const filesIn = (value: unknown): readonly string[] => {
  if (typeof value === "string") return value.startsWith(prefix) ? [value] : []
  if (Array.isArray(value)) return value.flatMap(filesIn)
  return isRecord(value) ? Object.values(value).flatMap(filesIn) : []
}

/** Creates the uploads. */
export const makeUploads = ({ uploads }: VendorContext): Uploads => {
  const models = new Map<string, string>()

  const policy = (model: string, apiKey: string): WireResponse => {
    const folder = `dashscope-instant/${randomUUID().replaceAll("-", "")}`
    const fields = {
      OSSAccessKeyId: "LTAI-emulator",
      Signature: randomUUID(),
      policy: Buffer.from(folder).toString("base64"),
      "x-oss-object-acl": "private",
      "x-oss-forbid-overwrite": "true"
    }
    const { uploadUrl } = uploads.createUrl({
      service: "dashscope",
      apiKey,
      name: "file",
      mediaType: "application/octet-stream",
      reference: prefix + folder,
      lifetime,
      method: "POST",
      fields
    })
    models.set(folder, model)
    return jsonResponse(200, {
      request_id: randomUUID(),
      data: {
        policy: fields.policy,
        signature: fields.Signature,
        upload_dir: folder,
        upload_host: uploadUrl,
        expire_in_seconds: 300,
        max_file_size_mb: 100,
        capacity_limit_mb: 999_999_999,
        oss_access_key_id: fields.OSSAccessKeyId,
        x_oss_object_acl: fields["x-oss-object-acl"],
        x_oss_forbid_overwrite: fields["x-oss-forbid-overwrite"]
      }
    })
  }

  return {
    route: {
      purpose: "account",
      method: "GET",
      path: /^\/api\/v1\/uploads$/,
      respond: ({ search }, { caller }) => {
        const parameters = new URLSearchParams(search)
        const model = parameters.get("model")
        return model === null || parameters.get("action") !== "getPolicy"
          ? errors.error(400)
          : policy(model, caller.apiKey)
      }
    },
    problemOf: ({ headers }, body, model) => {
      const files = filesIn(body)
      if (files.length > 0 && headers["x-dashscope-ossresourceresolve"] !== "enable")
        return invalidParameter("The header X-DashScope-OssResourceResolve is required for oss:// files.")
      const unknown = files.find((file) => {
        const folder = file.slice(prefix.length, file.lastIndexOf("/"))
        return uploads.find(prefix + folder) === undefined || models.get(folder) !== model
      })
      return unknown === undefined
        ? undefined
        : invalidParameter(`The file ${unknown} does not exist, or is not of this model.`)
    }
  }
}
