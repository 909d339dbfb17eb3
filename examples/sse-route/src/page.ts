/** A page that shows the progress of tasks. */
import { html, raw } from "hono/html"

const script = `
for (const row of document.querySelectorAll("[data-ref]")) {
  const show = (...children) => row.lastElementChild.replaceChildren(...children)
  const events = new EventSource("/tasks/" + encodeURIComponent(row.dataset.ref) + "/events")
  events.addEventListener("update", ({ data }) => {
    const { status, progress } = JSON.parse(data)
    show(status + (progress === null ? "" : " " + Math.round(progress * 100) + " %"))
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
    show(status + (failure === null ? "" : ": " + (failure.message ?? failure.reason)), ...links)
  })
  events.addEventListener("problem", ({ data }) => {
    events.close()
    show(JSON.parse(data).message)
  })
}
`

export const page = (refs: ReadonlyArray<string>) =>
  html`<!doctype html>
    <meta charset="utf-8" />
    <title>Tasks</title>
    <ul>
      ${refs.map((ref) => html`<li data-ref="${ref}"><code>${ref}</code> <span>loading</span></li>`)}
    </ul>
    <script type="module">
      ${raw(script)}
    </script> `
