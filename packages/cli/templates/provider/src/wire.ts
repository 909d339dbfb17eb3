/** The responses of Your Vendor: the fields that are read. See https://docs.example.com/tasks */
import * as z from "zod"

// The status and the result must stay readable if a less important field has another type.
const text = z.string().nullish().catch(null)
const instant = z.union([z.number(), z.string()]).nullish().catch(null)

// Fill in 3: the fields that `decode` reads, and no others. Unknown fields are allowed.
export const response = z.object({
  status: z.string().nullish(),
  progress: z.unknown().optional(),
  model: text,
  prompt: text,
  created_at: instant,
  completed_at: instant,
  result: z.object({ video_url: z.string().nullish(), cover_url: text }).nullish(),
  error: z.object({ code: text, message: text }).nullish().catch(null)
})

export type YourVendorTask = z.infer<typeof response>
