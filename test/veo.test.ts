/** Veo 3.1 of kie.ai, which has paths of its own. */
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { aigptimage } from "@gentask/provider-aigptimage"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { startSubmits } from "./submitSystems.ts"
import { png } from "./onePixelPng.ts"

describe("Veo at kie.ai", () => {
  it("is submitted with a local first frame, queried at its own path, and saved", async () => {
    await using folder = await temporaryFolder()
    await using running = await startSubmits()
    const { gentask, emulator } = running
    const path = join(folder.path, "fox.png")
    await writeFile(path, png)
    const request = aigptimage.models.veo3_fast(
      { prompt: "A fox in the snow", firstFrame: { path }, aspectRatio: "16:9", duration: 4 },
      { account: "kie" }
    )
    const { ref, snapshots, files } = await gentask.generate(request, {
      dir: join(folder.path, "out"),
      timeout: "20 seconds"
    })
    expect(ref).toMatch(/^aigptimage@kie:veo_task_.+\?api=veo$/)
    expect(snapshots).toMatchObject([{ status: "succeeded", rawStatus: "1", outputs: [{ kind: "video" }] }])
    expect(files).toHaveLength(1)
    expect(files[0]?.path).toMatch(/\.mp4$/)
    const [post] = emulator.posts()
    expect(post?.path).toBe("/api/v1/veo/generate")
    expect(JSON.parse(post?.body ?? "")).toMatchObject({
      model: "veo3_fast",
      generationType: "FIRST_AND_LAST_FRAMES_2_VIDEO",
      imageUrls: [emulator.uploads()[0]?.url]
    })
  })

  it("has inputs that are checked before anything is sent", async () => {
    await using running = await startSubmits()
    const { gentask, emulator } = running
    const image = "https://files.example.com/1.png"
    const account = "aigptimage@kie"
    const prompt = "A fox"
    for (const request of [
      { account, model: "veo3", prompt, images: [image] },
      { account, model: "veo3_fast", prompt, lastFrame: image },
      { account, model: "veo3_fast", prompt, firstFrame: image, images: [image] },
      { account, model: "veo3_fast", prompt, images: [image], duration: 4 },
      { account, model: "veo3_fast", prompt, input: { generationType: "REFERENCE_2_VIDEO" } },
      { account: "aigptimage", model: "veo3", prompt }
    ])
      await expect(gentask.submit(request)).rejects.toMatchObject({ reason: { _tag: "InvalidInput" } })
    expect(emulator.posts()).toEqual([])
  })
})
