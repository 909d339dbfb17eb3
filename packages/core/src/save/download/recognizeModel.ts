/** Detects 3D models in formats that `file-type` does not know. It knows GLB, FBX and 3MF. */
import type { DetectedMedia } from "./DetectedMedia.ts"

const stl = { mediaType: "model/stl", extension: "stl" }
const ply = { mediaType: "model/ply", extension: "ply" }
const gltf = { mediaType: "model/gltf+json", extension: "gltf" }

/** Whether the first line of data is a vertex. Comments and names of objects and materials may precede it. */
const isObj = (text: string): boolean => {
  const line = text.split(/\r?\n/).find((each) => !/^\s*(?:$|#|(?:mtllib|usemtl|o|g|s)\s)/.test(each))
  return line !== undefined && /^\s*v(?:\s+-?[\d.]+(?:e[+-]?\d+)?){3}/i.test(line)
}

/** Declared types of formats without a signature. */
const declared: Readonly<Record<string, DetectedMedia>> = {
  "model/stl": stl,
  "application/sla": stl,
  "application/vnd.ms-pki.stl": stl
}

const zipSignature = "PK\u0003\u0004"

/** The first file of a USDZ archive is a USD file (USDZ specification, "Layout"). */
const isUsdz = (sample: Buffer): boolean => {
  if (sample.length < 30 || sample.toString("latin1", 0, 4) !== zipSignature) return false
  const name = sample.toString("latin1", 30, 30 + sample.readUInt16LE(26))
  return /\.usd[ac]?$/i.test(name)
}

/** Detects a 3D model that is text. */
export const recognizeTextModel = (sample: Buffer, mediaType: string): DetectedMedia | undefined => {
  const text = sample.toString("utf8")
  if (/^ply\r?\nformat /.test(text)) return ply
  if (/^\s*solid\b[^\n]*\n\s*(?:facet|endsolid)\b/.test(text)) return stl
  // An error as JSON has no version of an asset, which a model must have.
  const isGltf = mediaType === gltf.mediaType || /"asset"\s*:\s*\{[^}]*"version"\s*:/.test(text)
  if (/^\s*\{/.test(text) && isGltf) return gltf
  return isObj(text) ? { mediaType: "model/obj", extension: "obj" } : undefined
}

/** Detects a 3D model that is binary. */
export const recognizeBinaryModel = (sample: Buffer, mediaType: string): DetectedMedia | undefined => {
  const start = sample.toString("latin1", 0, 20)
  if (/^ply\r?\nformat /.test(start)) return ply
  if (isUsdz(sample)) return { mediaType: "model/vnd.usdz+zip", extension: "usdz" }
  return declared[mediaType]
}
