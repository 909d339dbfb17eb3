/**
 * ComfyUI's uploads and results.
 *
 * Read in server.py of ComfyUI: the fields, and that a file with another content gets another name. Invented: uploads
 * cannot be viewed.
 */
import { createHash } from "node:crypto"
import { jsonResponse } from "../../WireResponse.ts"
import type { WireResponse } from "../../WireResponse.ts"
import type { VendorContext, VendorRequest, VendorRoute } from "../VendorModule.ts"
import { taskOfFile } from "./entries.ts"

const empty = (status: number): WireResponse => ({ status, headers: {}, body: "" })

const splitName = /^(?<stem>.*?)(?<extension>\.[^.]*)?$/s

const textOf = (request: VendorRequest, name: string): string => {
  const content = request.form?.get(name)?.content
  return typeof content === "string" ? content : ""
}

/** The routes of files. */
export const fileRoutes = ({ uploads }: VendorContext): readonly VendorRoute[] => {
  const upload = (request: VendorRequest): WireResponse => {
    const image = request.form?.get("image")
    if (image === undefined || typeof image.content === "string" || image.name === "") return empty(400)
    const { content, type } = image
    const subfolder = textOf(request, "subfolder")
    const referenceOf = (name: string): string => (subfolder === "" ? name : `${subfolder}/${name}`)
    const digest = createHash("sha256").update(content).digest("hex")
    const { stem = "", extension = "" } = splitName.exec(image.name)?.groups ?? {}
    let { name } = image
    let existing = uploads.find(referenceOf(name))
    const overwrites = /^(?:true|1)$/.test(textOf(request, "overwrite"))
    if (!overwrites) {
      for (let copy = 1; existing !== undefined && existing.digest !== digest; copy += 1) {
        name = `${stem} (${copy})${extension}`
        existing = uploads.find(referenceOf(name))
      }
    }
    const reference = referenceOf(name)
    uploads.remove(reference)
    const lifetime = Number.POSITIVE_INFINITY
    uploads.add({ service: "comfyui", apiKey: "", name, mediaType: type, content, reference, lifetime })
    return jsonResponse(200, { name, subfolder, type: textOf(request, "type") || "input" })
  }

  return [
    {
      purpose: "upload",
      method: "POST",
      path: /^(?:\/api)?\/upload\/image$/,
      // The default of --max-upload-size.
      maxBodySize: 100 * 1_048_576,
      respond: upload
    },
    {
      purpose: "download",
      method: "GET",
      path: /^(?:\/api)?\/view$/,
      access: "none",
      resolve: ({ search }) => {
        const query = new URLSearchParams(search)
        const file = query.get("filename") ?? ""
        const taskId = taskOfFile(file)
        const isOutput = (query.get("type") ?? "output") === "output"
        return taskId === undefined || !isOutput ? { rejection: empty(404) } : { taskId, file }
      }
    }
  ]
}
