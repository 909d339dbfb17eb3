import { fileToJson } from "@gentask/core/internal"
import type { SavedFile } from "@gentask/core"
import * as z from "zod"
import type { McpContext } from "../McpOptions.ts"
import { describeFile } from "../results/describeTask.ts"
import { errorLines, errorRecord } from "../results/errorResult.ts"
import { toolResult } from "../results/toolResult.ts"
import type { JsonRecord } from "../results/toolResult.ts"
import { cleanText, jsonLine } from "../results/vendorText.ts"
import type { CallContext } from "../server/CallContext.ts"
import { withProgress } from "../server/withProgress.ts"
import { canonical } from "./settle.ts"
import { defineTool, maxSecondsSchema, refsSchema } from "./Tool.ts"

interface Saved {
  readonly lines: ReadonlyArray<string>
  readonly record: JsonRecord
  readonly state: "saved" | "saving" | "failed"
}

const savedOf = (ref: string, files: ReadonlyArray<SavedFile>): Saved => ({
  lines: [
    `${cleanText(ref)}: saved ${files.length === 1 ? "1 file" : `${files.length} files`}`,
    ...files.map(describeFile)
  ],
  record: { ref, files: files.map(fileToJson) },
  state: "saved"
})

const saveOne = async (
  ref: string,
  options: { readonly dir: string; readonly all: boolean },
  { backend }: McpContext,
  { signal, deadline }: { readonly signal: AbortSignal; readonly deadline: AbortSignal }
): Promise<Saved> => {
  const { dir, all } = options
  try {
    const files = await backend.tasks.save(ref, {
      dir,
      ...(all ? { roles: "all" } : {}),
      signal: AbortSignal.any([signal, deadline])
    })
    return savedOf(ref, files)
  } catch (error) {
    signal.throwIfAborted()
    if (deadline.aborted && error === deadline.reason)
      return {
        lines: [`${cleanText(ref)}: still downloading`],
        record: { ref, saving: true },
        state: "saving"
      }
    return {
      lines: errorLines(cleanText(ref), error),
      record: { ref, ...errorRecord(error) },
      state: "failed"
    }
  }
}

const saveAll = (
  refs: ReadonlyArray<string>,
  options: { readonly dir: string; readonly all: boolean; readonly maxSeconds: number },
  context: McpContext,
  call: CallContext
): Promise<ReadonlyArray<Saved>> => {
  let done = 0
  const deadline = AbortSignal.timeout(options.maxSeconds * 1000)
  return withProgress(
    call,
    () => `${done} of ${refs.length} tasks saved`,
    (report) =>
      Promise.all(
        refs.map(async (ref) => {
          const saved = await saveOne(ref, options, context, { signal: call.signal, deadline })
          done += 1
          report()
          return saved
        })
      )
  )
}

export const saveTool = defineTool({
  name: "save",
  title: "Save results",
  description:
    "Downloads the results of succeeded tasks into a folder below the allowed ones, and returns the paths. Files that were saved before are verified and kept. Never replaces other files.",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  inputSchema: z.strictObject({
    refs: refsSchema,
    dir: z
      .string()
      .min(1)
      .max(4096)
      .optional()
      .describe("The folder. Relative paths are below the first allowed folder"),
    all: z.boolean().default(false).describe("Also save thumbnails, previews and watermarked versions"),
    maxSeconds: maxSecondsSchema
  }),
  run: async ({ refs, dir, all, maxSeconds }, context, call) => {
    const folder = await context.roots.outputFolder(dir ?? context.out)
    const unique = [...new Set(refs.map(canonical))]
    const results = await saveAll(unique, { dir: folder, all, maxSeconds }, context, call)
    const saving = unique.filter((_, index) => results[index]?.state === "saving")
    const again = { refs: saving, ...(dir === undefined ? {} : { dir }), ...(all ? { all } : {}), maxSeconds }
    return toolResult(
      [
        ...results.flatMap(({ lines }) => lines),
        ...(saving.length > 0
          ? [
              `Still downloading, and what has arrived is kept. To continue, call save with ${jsonLine(again)}`
            ]
          : [])
      ],
      {
        tasks: results.map(({ record }) => record),
        ...(saving.length > 0 ? { next: { tool: "save", arguments: again } } : {})
      },
      { isError: results.every(({ state }) => state === "failed") }
    )
  }
})
