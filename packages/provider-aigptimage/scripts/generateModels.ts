/**
 * Generates the table of kie.ai's models from `data/kie-models.json`.
 *
 * Usage: `node scripts/generateModels.ts [SNAPSHOT]`. SNAPSHOT is `src/data/market_model_registry.json` of
 * https://github.com/alfman99/kie-ai-mcp (MIT), which is parsed from https://docs.kie.ai. With it, the data file is
 * written first.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { mediaName, toData } from "./modelData.ts"
import type { Data, Field, Model, Registry } from "./modelData.ts"

/** Files of the table, by the start of the model's name. */
const groups: ReadonlyArray<readonly [string, RegExp]> = [
  ["bytedance", /^(?:bytedance|seedream|omnihuman|volcengine)/],
  ["google", /^(?:google|nano-banana|gemini)/],
  ["kling", /^kling/],
  ["wan", /^wan/],
  ["alibaba", /^(?:qwen|z-image|happyhorse)/],
  ["grok", /^grok/],
  ["minimax", /^(?:hailuo|minimax)/],
  ["ideogram", /^ideogram/],
  ["flux", /^(?:flux|gpt-image\/|recraft|topaz)/],
  ["others", /./]
]

/** The name and the endpoint's own table differ at aigptimage.com, or the result is not a file. */
const omitted = /^(?:gpt-image-2-|omnihuman-1-5\/)/

const audioModels = /^elevenlabs|-tts$/
const videoModels =
  /video|^bytedance\/(?:seedance|v1)|^(?:kling|hailuo|minimax|pixverse|happyhorse|infinitalk|omnihuman)|^wan\/2-2|^wan\/2-7-r2v|^grok-imagine\/(?:extend|upscale)|lip-sync/

/** Models whose image is the first frame. */
const startingModels = /image-to-video|^kling-3\.0\/video$|^kling\/v2-1|^bytedance\/seedance-1\.5/

/** Rules that the fields alone do not express. See `src/models/rules.ts`. */
const rules: Readonly<Record<string, string>> = {
  "bytedance/seedance-2-5": "framesOrReferences",
  "hailuo/2-3-image-to-video-pro": "shortAt1080p",
  "hailuo/2-3-image-to-video-standard": "shortAt1080p"
}

const quote = (value: unknown): string => JSON.stringify(value)

const mediaKindOf = (name: string): string =>
  /video|clip/.test(name) ? "video" : /audio|voice/.test(name) ? "audio" : "image"

const isMedia = ({ name, type, itemType, enum: words }: Field): boolean =>
  words === undefined && mediaName.test(name) && (type === "string" || itemType === "string")

const limits = (min: number | undefined, max: number | undefined): string =>
  `${min === undefined ? "" : `.min(${min})`}${max === undefined ? "" : `.max(${max})`}`

const schemaOf = (field: Field): string => {
  const { name, type, enum: words, itemType, itemEnum, maxMegabytes } = field
  const media = `${mediaKindOf(name)}(${maxMegabytes ?? ""})`
  if (type === "array") {
    const item = isMedia(field)
      ? media
      : itemEnum !== undefined
        ? `z.enum(${quote(itemEnum)})`
        : itemType === "string"
          ? "z.string()"
          : itemType === "integer"
            ? "z.int()"
            : itemType === "object"
              ? "z.looseObject({})"
              : "z.array(z.unknown())"
    return `z.array(${item})${limits(field.minItems, field.maxItems)}`
  }
  if (type === "boolean") return "z.boolean()"
  if (words !== undefined) return type === "string" ? `z.enum(${quote(words)})` : `z.literal(${quote(words)})`
  if (type === "integer") return `z.int()${limits(field.min, field.max)}`
  if (type === "number") return `z.number()${limits(field.min, field.max)}`
  return isMedia(field) ? media : `z.string()${limits(field.minLength, field.maxLength)}`
}

/** Returns the vendor's names of the common inputs. */
const namesOf = ({ name, fields }: Model): Readonly<Record<string, string>> => {
  const find = (...names: ReadonlyArray<string>): Field | undefined =>
    names.flatMap((each) => fields.filter((field) => field.name === each))[0]
  const plain = (field: Field | undefined): string | undefined => field && quote(field.name)
  const list = (field: Field | undefined): string | undefined =>
    field && (field.type === "array" ? quote(field.name) : `{ name: ${quote(field.name)}, as: "single" }`)
  const counted = (field: Field | undefined): string | undefined =>
    field && (field.type === "string" ? `{ name: ${quote(field.name)}, as: "text" }` : quote(field.name))
  const images = find(
    "image_urls",
    "image_input",
    "input_urls",
    "reference_image_urls",
    "reference_image",
    "image_url",
    "image"
  )
  const first = find("first_frame_url", "first_frame", "first_frame_image_url")
  const last = find("last_frame_url", "last_frame_image_url", "tail_image_url", "end_image_url")
  const startsWithImage =
    startingModels.test(name) && first === undefined && images?.name.startsWith("reference") === false
  const asList = images && `{ name: ${quote(images.name)}, as: "list" }`
  const hasFrames =
    startsWithImage && last === undefined && (images?.maxItems === 2 || name === "kling-3.0/video")
  const names: Record<string, string | undefined> = {
    prompt: plain(find("prompt", "text")),
    images: list(images),
    firstFrame: startsWithImage ? (images?.type === "array" ? asList : plain(images)) : plain(first),
    lastFrame: hasFrames ? asList : plain(last),
    videos: list(find("reference_video_urls", "video_urls", "reference_video", "video_url")),
    audios: list(find("reference_audio_urls", "audio_url", "driving_audio_url")),
    aspectRatio: plain(find("aspect_ratio", "ratio")),
    resolution: plain(find("resolution", "image_resolution", "output_resolution")),
    duration: counted(find("duration")),
    count: counted(find("max_images", "num_images", "n")),
    seed: counted(find("seed"))
  }
  return Object.fromEntries(
    Object.entries(names).filter((entry): entry is [string, string] => entry[1] !== undefined)
  )
}

const kindOf = (name: string): string =>
  audioModels.test(name) ? "audio" : videoModels.test(name) ? "video" : "image"

const generateModel = (model: Model): string => {
  const names = Object.entries(namesOf(model)).map(([common, name]) => `${common}: ${name}`)
  const rule = rules[model.name]
  const fields = model.fields.map(
    (field) =>
      `    ${/^\w+$/.test(field.name) ? field.name : quote(field.name)}: ${schemaOf(field)}${field.required === true ? "" : ".optional()"}`
  )
  const input = `z.strictObject({\n${fields.join(",\n")}\n  })`
  return `  ${quote(model.name)}: defineModel(${quote(kindOf(model.name))}, ${names.length === 0 ? "{}" : `{ ${names.join(", ")} }`}, () => ${rule === undefined ? input : `${rule}(${input})`}, ${quote(model.docs)})`
}

const header = ({ date, source, license }: Data): string =>
  `// Generated by scripts/generateModels.ts from data/kie-models.json. Do not edit.\n// Source: ${source} (${license}), ${date}.\n`

/** `kieGoogle` for the group `google`. */
const exportOf = (group: string): string => `kie${group.charAt(0).toUpperCase()}${group.slice(1)}`

/** Returns the generated files by their name in `src/models`. */
export const generateModels = (data: Data): ReadonlyMap<string, string> => {
  const models = data.models.filter(({ name }) => !omitted.test(name))
  const files = new Map<string, string>()
  for (const [group] of groups) {
    const members = models.filter(
      ({ name }) => groups.find(([, pattern]) => pattern.test(name))?.[0] === group
    )
    const text = members.map(generateModel).join(",\n")
    const fields = ["audio", "image", "video"].filter((name) => text.includes(`${name}(`))
    const imported = [...new Set(members.flatMap(({ name }) => rules[name] ?? []))]
    files.set(
      `${exportOf(group)}.ts`,
      [
        header(data),
        'import { defineModel } from "@gentask/core/provider"\nimport * as z from "zod"\n',
        fields.length === 0 ? "" : `import { ${fields.join(", ")} } from "./fields.ts"\n`,
        imported.length === 0 ? "" : `import { ${imported.join(", ")} } from "./rules.ts"\n`,
        `\n/** Models of kie.ai. */\nexport const ${exportOf(group)} = {\n${text}\n}\n`
      ].join("")
    )
  }
  const names = groups.map(([group]) => exportOf(group))
  files.set(
    "kieModels.ts",
    [
      header(data),
      ...names.map((name) => `import { ${name} } from "./${name}.ts"\n`),
      "\n/** The models of kie.ai, except those that aigptimage.com has, too. */\n",
      `export type KieModels = ${names.map((name) => `typeof ${name}`).join(" &\n  ")}\n\n`,
      `export const kieModels: KieModels = {\n${names.map((name) => `  ...${name}`).join(",\n")}\n}\n`
    ].join("")
  )
  return files
}

const folder = new URL("../", import.meta.url)
const dataFile = new URL("data/kie-models.json", folder)

/** Reads the data file. */
export const readData = (): Data => JSON.parse(readFileSync(dataFile, "utf8")) as Data

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [snapshot] = process.argv.slice(2)
  if (snapshot !== undefined) {
    const data = toData(JSON.parse(readFileSync(snapshot, "utf8")) as Registry)
    const models = data.models.map((model) => JSON.stringify(model)).join(",\n    ")
    const { source, license, date } = data
    const head = Object.entries({ source, license, date }).map(
      ([name, value]) => `  "${name}": ${quote(value)}`
    )
    writeFileSync(dataFile, `{\n${head.join(",\n")},\n  "models": [\n    ${models}\n  ]\n}\n`)
  }
  for (const [path, text] of generateModels(readData()))
    writeFileSync(new URL(`src/models/${path}`, folder), text)
}
