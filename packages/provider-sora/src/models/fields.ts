/** The fields that several models share. */
import { mediaInput } from "@gentask/core/zod"
import * as z from "zod"

const image = () => mediaInput("image")
export const images = (max?: number) =>
  (max === undefined ? z.array(image()) : z.array(image()).max(max)).optional()
export const prompt = () => z.string().min(1)
export const flag = () => z.boolean().optional()
