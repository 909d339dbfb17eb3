/** The fields that several models share. */
import { mediaInput } from "@gentask/core/zod"
import * as z from "zod"

export const image = () => mediaInput("image")
export const video = () => mediaInput("video")
export const images = (max: number) => z.array(image()).max(max).optional()
export const videos = (max: number) => z.array(video()).max(max).optional()
export const audios = (max: number) => z.array(mediaInput("audio")).max(max).optional()
export const prompt = (max: number) => z.string().min(1).max(max)
export const seconds = (min: number, max: number) => z.int().min(min).max(max)
export const orientation = () => z.enum(["landscape", "portrait"]).optional()
export const flag = () => z.boolean().optional()

type Input = Readonly<Record<string, unknown>>

const isGiven = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : value !== undefined)

/** Checks that fields of at most one group are given. */
export const exclusive =
  (...groups: ReadonlyArray<ReadonlyArray<string>>) =>
  (input: Input): boolean =>
    groups.filter((names) => names.some((name) => isGiven(input[name]))).length <= 1

/** Checks that a field is given only with one of others. */
export const needs =
  (name: string, ...others: ReadonlyArray<string>) =>
  (input: Input): boolean =>
    !isGiven(input[name]) || others.some((other) => isGiven(input[other]))
