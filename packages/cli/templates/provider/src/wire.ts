/** The JSON of Your Vendor, as far as it is needed. Documented at https://docs.example.com/tasks */
import * as z from "zod"

// What is told beside the status and the result must not hide them when it comes in another shape.
const text = z.string().nullish().catch(null)
const instant = z.union([z.number(), z.string()]).nullish().catch(null)

// Fill in 3: the members of the answer that `interpret` reads, and no others. Unknown members are let through.
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
