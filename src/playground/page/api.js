/** The control API. What fails is thrown by a look, and told in the page by an act. */
import { byId } from "./dom.js"

const trouble = byId("trouble")
trouble.querySelector("button").addEventListener("click", () => (trouble.hidden = true))

export const showTrouble = (text) => {
  trouble.querySelector("span").textContent = text
  trouble.hidden = false
}

const unreachable = "Площадка не отвечает: запущена ли «npm run demo»?"

/** To be called when the server has answered: what was said of its silence is no longer true. */
export const reachable = () => {
  if (trouble.querySelector("span").textContent === unreachable) trouble.hidden = true
}

class Refused extends Error {}

/** A server that is just starting may leave a question without an answer. */
const patienceMs = 10_000

const request = async (method, path, body) => {
  const options =
    body === undefined
      ? { method }
      : { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) }
  // Moving the clock takes as long as it takes.
  if (method === "GET") options.signal = AbortSignal.timeout(patienceMs)
  const response = await fetch(path, options)
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) {
    throw new Refused(answer.error ?? `${method} ${path}: ответ ${response.status}`)
  }
  return answer
}

export const get = (path) => request("GET", path)

/** Readiness is the one question whose refusal is an answer. */
export const isReady = async () => {
  const response = await fetch("/sim/health", { signal: AbortSignal.timeout(patienceMs) })
  return (await response.json()).ready
}

/** For what the person has asked for: a failure is told in the page, `undefined` comes back. */
const asked = async (method, path, body) => {
  try {
    const answer = await request(method, path, body)
    trouble.hidden = true
    return answer
  } catch (error) {
    showTrouble(error instanceof Refused ? `Площадка отказала: ${error.message}` : unreachable)
    return undefined
  }
}

export const post = (path, body) => asked("POST", path, body)
export const remove = (path) => asked("DELETE", path)
export const path = (...parts) => `/sim/${parts.map(encodeURIComponent).join("/")}`
