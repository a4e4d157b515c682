/** The buttons of the bot that a person has pressed and that the bot has not answered yet. */
import { get, path, post } from "../base/api.js"
import { words } from "../base/language.js"

const text = words({
  ru: { unanswered: "Бот не ответил на нажатие" },
  en: { unanswered: "The bot did not answer the tap" },
})

/** Real time, as long as the app of a person would wait. */
const patienceMs = 15_000

/** `notify(text)` tells the person shortly, `alert(name, text)` until he closes it. */
export const makeTaps = ({ notify, alert }) => {
  let taps = []

  const press = async (user, messageId, data) => {
    const tap = { userId: user.id, name: user.firstName, messageId, data, since: Date.now() }
    taps.push(tap)
    const tapped = await post("/sim/taps", { userId: user.id, messageId, data })
    if (tapped === undefined) forget(tap)
    else tap.id = tapped.callbackQueryId
  }

  const forget = (tap) => (taps = taps.filter((other) => other !== tap))

  /** Asks what became of each tap, and tells it. */
  const settle = async () => {
    for (const tap of taps.filter(({ id }) => id !== undefined)) {
      const answer = await get(path("callbacks", tap.id)).catch(() => ({ answered: true }))
      if (!answer.answered && Date.now() - tap.since < patienceMs) continue
      forget(tap)
      if (!answer.answered) notify(text.unanswered)
      else if (answer.showAlert && answer.text) alert(tap.name, answer.text)
      else if (answer.text) notify(answer.text)
    }
  }

  /** Lets exactly the buttons spin that wait for an answer. A message may be drawn anew meanwhile. */
  const mark = (list, userId) => {
    for (const node of list.querySelectorAll(".key[aria-busy]")) node.removeAttribute("aria-busy")
    for (const tap of taps) {
      if (tap.userId !== userId) continue
      const message = list.querySelector(`[data-message-id="${tap.messageId}"]`)
      const keys = message?.querySelectorAll(".key") ?? []
      const key = [...keys].find(({ dataset }) => dataset.data === tap.data)
      key?.setAttribute("aria-busy", "true")
    }
  }

  return { press, settle, mark }
}
