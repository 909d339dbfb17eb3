/** The fields that several models share, and what a model of the table is. */
import { isMediaInput, lazySchema } from "@gentask/core/provider"
import type { InputNames, MediaInput, OutputKind } from "@gentask/core/provider"
import * as z from "zod"

/** A media input. Its JSON Schema is that of a URL with the media type, which marks it as one. */
const media = (kind: OutputKind): z.ZodType<MediaInput, MediaInput> =>
  z
    .any()
    .refine(isMediaInput, "must be a URL or a file")
    .meta({ type: "string", format: "uri", contentMediaType: `${kind}/*` })

export const image = media("image")
export const video = media("video")
export const images = (max: number) => z.array(image).max(max).optional()
export const videos = (max: number) => z.array(video).max(max).optional()
export const audios = (max: number) => z.array(media("audio")).max(max).optional()
export const prompt = (max: number) => z.string().min(1).max(max)
export const seconds = (min: number, max: number) => z.int().min(min).max(max)
export const orientation = z.enum(["landscape", "portrait"]).optional()
export const flag = z.boolean().optional()

/** The fields that cannot be combined, for a message. */
export const exclusive =
  (...groups: ReadonlyArray<ReadonlyArray<string>>) =>
  (input: Readonly<Record<string, unknown>>): boolean =>
    groups.filter((names) =>
      names.some((name) => {
        const value = input[name]
        return Array.isArray(value) ? value.length > 0 : value !== undefined
      })
    ).length <= 1

/** Checks that an input that others depend on is given. */
export const needs =
  (name: string, ...others: ReadonlyArray<string>) =>
  (input: Readonly<Record<string, unknown>>): boolean => {
    const isGiven = (each: string): boolean => {
      const value = input[each]
      return Array.isArray(value) ? value.length > 0 : value !== undefined
    }
    return !isGiven(name) || others.some(isGiven)
  }

/**
 * Creates a model of the table. The schema is created on first use, since all schemas together would make the import slow.
 *
 * @param mediaKind The kind of media that it creates.
 * @param names The vendor's names of the common inputs.
 * @param input Creates the schema of its input.
 */
export const model = <const Names extends InputNames, Schema extends z.ZodType>(
  mediaKind: "image" | "video",
  names: Names,
  input: () => Schema
) => ({
  mediaKind,
  names: names as InputNames,
  supportedInputs: Object.keys(names) as unknown as ReadonlyArray<keyof Names>,
  input: lazySchema(input)
})
