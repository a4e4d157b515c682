/** The control API. A refusal is shown to the person and thrown. */
import { byId } from "./dom.js"

const trouble = byId("trouble")
trouble.querySelector("button").addEventListener("click", () => (trouble.hidden = true))

export const showTrouble = (text) => {
  trouble.querySelector("span").textContent = text
  trouble.hidden = false
}

class Refused extends Error {}

const request = async (method, path, body) => {
  const options =
    body === undefined
      ? { method }
      : { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) }
  const response = await fetch(path, options)
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) {
    throw new Refused(answer.error ?? `${method} ${path}: ответ ${response.status}`)
  }
  return answer
}

export const get = (path) => request("GET", path)

/** For what the person has asked for: a failure is told in the page, `undefined` comes back. */
const asked = async (method, path, body) => {
  try {
    return await request(method, path, body)
  } catch (error) {
    showTrouble(
      error instanceof Refused ? `Площадка отказала: ${error.message}` : "Площадка не отвечает",
    )
    return undefined
  }
}

export const post = (path, body) => asked("POST", path, body)
export const remove = (path) => asked("DELETE", path)
export const path = (...parts) => `/sim/${parts.map(encodeURIComponent).join("/")}`
