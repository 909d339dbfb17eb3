/** A page that shows how tasks go on. */
import { html, raw } from "hono/html"

const script = `
for (const row of document.querySelectorAll("[data-ref]")) {
  const say = (...children) => row.lastElementChild.replaceChildren(...children)
  const events = new EventSource("/tasks/" + encodeURIComponent(row.dataset.ref) + "/events")
  events.addEventListener("update", ({ data }) => {
    const { status, progress } = JSON.parse(data)
    say(status + (progress === null ? "" : " " + Math.round(progress * 100) + " %"))
  })
  events.addEventListener("end", ({ data }) => {
    events.close()
    const { status, outputs, failure } = JSON.parse(data)
    const links = outputs.filter(({ url }) => url !== null).map(({ kind, url }) => {
      const link = document.createElement("a")
      link.href = url
      link.textContent = " " + kind
      return link
    })
    say(status + (failure === null ? "" : ": " + (failure.message ?? failure.reason)), ...links)
  })
  events.addEventListener("trouble", ({ data }) => {
    events.close()
    say(JSON.parse(data).message)
  })
}
`

export const page = (refs: ReadonlyArray<string>) =>
  html`<!doctype html>
    <meta charset="utf-8" />
    <title>Tasks</title>
    <ul>
      ${refs.map((ref) => html`<li data-ref="${ref}"><code>${ref}</code> <span>asking</span></li>`)}
    </ul>
    <script type="module">
      ${raw(script)}
    </script> `
