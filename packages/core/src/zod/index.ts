/** Schemas for providers that describe the input of their models with zod. */
export { mediaInput } from "./mediaInput.ts"
