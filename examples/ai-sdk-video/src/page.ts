/** A page without a framework. With React, `useChat<VideoMessage>()` of `@ai-sdk/react` reads the same stream. */
import { html, raw } from "hono/html"

const script = `
const form = document.querySelector("form")
const output = document.querySelector("output")
form.addEventListener("submit", async (event) => {
  event.preventDefault()
  const message = { id: "1", role: "user", parts: [{ type: "text", text: form.elements.prompt.value }] }
  const response = await fetch("/api/chat", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ messages: [message] })
  })
  let rest = ""
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + text).split("\\n\\n")
    rest = events.pop()
    for (const data of events.map((line) => line.slice("data: ".length))) {
      if (!data.startsWith("{")) continue
      const part = JSON.parse(data)
      if (part.type === "error") output.textContent = part.errorText
      if (part.type !== "data-video") continue
      const { status, progress, url } = part.data
      output.textContent = status + (progress === null ? "" : " " + Math.round(progress * 100) + " %")
      if (url !== null) {
        const video = document.createElement("video")
        video.controls = true
        video.src = url
        output.replaceChildren(video)
      }
    }
  }
})
`

export const page = html`<!doctype html>
  <meta charset="utf-8" />
  <title>Videos</title>
  <form><input name="prompt" value="A fox in the snow" /> <button>Create</button></form>
  <output></output>
  <script type="module">
    ${raw(script)}
  </script> `
