/** The control API. A read that fails throws; the page itself tells of an act that fails. */
import { byId } from "./dom.js"
import { words } from "./language.js"

const trouble = byId("trouble")
trouble.querySelector("button").addEventListener("click", () => (trouble.hidden = true))

export const showTrouble = (text) => {
  trouble.querySelector("span").textContent = text
  trouble.hidden = false
}

const unreachable = words({
  ru: "Демо не отвечает. Запущено ли оно (npm run demo)?",
  en: "The demo does not answer. Is it running (npm run demo)?",
})
const refusal = words({ ru: "Демо отказало", en: "The demo refused" })

/** Call this when the server has answered: it takes the note about its silence away. */
export const reachable = () => {
  if (trouble.querySelector("span").textContent === unreachable) trouble.hidden = true
}

class Refused extends Error {}

/** A server that is just starting may never answer a request. */
const patienceMs = 10_000

const request = async (method, path, body) => {
  const options =
    body === undefined
      ? { method }
      : { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) }
  // Acts have no limit, because moving the clock may take long.
  if (method === "GET") options.signal = AbortSignal.timeout(patienceMs)
  const response = await fetch(path, options)
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) {
    throw new Refused(answer.error ?? `${method} ${path}: ${response.status}`)
  }
  return answer
}

export const get = (path) => request("GET", path)

/** Does what the person asked for. A failure is shown in the page, and gives `undefined`. */
const asked = async (method, path, body) => {
  try {
    const answer = await request(method, path, body)
    trouble.hidden = true
    return answer
  } catch (error) {
    showTrouble(error instanceof Refused ? `${refusal}: ${error.message}` : unreachable)
    return undefined
  }
}

export const post = (path, body) => asked("POST", path, body)
export const remove = (path) => asked("DELETE", path)
export const path = (...parts) => `/sim/${parts.map(encodeURIComponent).join("/")}`
