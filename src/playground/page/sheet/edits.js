/** What this person changes in the sheets, and how it is taken back. */
import { path, showTrouble } from "../base/api.js"
import { words } from "../base/language.js"

const said = words({
  ru: {
    stale: "Пока вы правили, строка уехала или изменилась. Правка не записана, повторите её.",
    changedSince: "Отменять нечего: там уже не то, что записала правка.",
    forgotten: "Правка слишком старая: площадка её уже не помнит.",
    nothing: "Больше нечего отменять.",
    nothingAgain: "Больше нечего повторять.",
    silent: "Площадка не отвечает: запущена ли «npm run demo»?",
    refused: (why) => `Площадка отказала: ${why}`,
  },
  en: {
    stale:
      "The row moved or changed while you were editing. Nothing was written, please try again.",
    changedSince: "Nothing to undo: what the edit wrote is no longer there.",
    forgotten: "The demo no longer remembers this edit.",
    nothing: "Nothing more to undo.",
    nothingAgain: "Nothing more to redo.",
    silent: "The demo does not answer: is “npm run demo” running?",
    refused: (why) => `The demo refused: ${why}`,
  },
})

/** `{ status, body }`; `undefined` where the demo does not answer. */
const send = async (address, body) => {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: await response.json() }
  } catch {
    showTrouble(said.silent)
    return undefined
  }
}

/**
 * `say` shows a sentence at the sheet; `own(place)` is told that the next change of a tab is
 * this person's; `changed()` has the sheets shown anew. A place is `{ id, tab }`.
 */
export const makeEdits = ({ say, own, changed, goTo }) => {
  /** The numbers of the edits of one act, and where it was. */
  let done = []
  let undone = []

  /** The last request: the next one waits for it, so that edits arrive as they were made. */
  let last = Promise.resolve()
  let begun = 0
  let waiting = 0

  const inTurn = (address, body) => {
    begun++
    waiting++
    last = last.then(() => send(address, body)).finally(() => waiting--)
    return last
  }

  const sent = async (place, part, body) => {
    own(place)
    const answer = await inTurn(path("sheets", place.id, part), body)
    changed()
    if (answer === undefined || answer.status === 200) return answer
    if (answer.status === 409) say(part === "undo" ? said.changedSince : said.stale)
    else if (part === "undo" && answer.status === 404) say(said.forgotten)
    else showTrouble(said.refused(answer.body.error))
    return undefined
  }

  /** Does the acts one after another, as one that is undone at once. Gives whether all were done. */
  const edit = async (place, ...acts) => {
    const numbers = []
    for (const act of acts) {
      const answer = await sent(place, "edits", { tab: place.tab, ...act })
      if (answer === undefined) break
      if (answer.body.edit !== undefined) numbers.push(answer.body.edit)
    }
    if (numbers.length > 0) {
      done.push({ place, numbers })
      undone = []
    }
    return numbers.length === acts.length
  }

  /** The acts as a person does them, each after the one before it is answered. */
  let lastAct = Promise.resolve()
  const inOrder = (work) => {
    const result = lastAct.then(work)
    lastAct = result.catch(() => undefined)
    return result
  }

  const back = async (from, to, words) => {
    const act = from.pop()
    if (act === undefined) return say(words)
    goTo(act.place)
    const numbers = []
    for (const number of act.numbers.toReversed()) {
      const answer = await sent(act.place, "undo", { edit: number })
      if (answer === undefined) break
      numbers.push(answer.body.edit)
    }
    if (numbers.length > 0) to.push({ place: act.place, numbers })
  }

  return {
    edit: (place, ...acts) => inOrder(() => edit(place, ...acts)),
    stale: () => say(said.stale),
    /** Another number means that what was asked for before is older than the edits. */
    turn: () => (waiting > 0 ? undefined : begun),
    undo: () => inOrder(() => back(done, undone, said.nothing)),
    redo: () => inOrder(() => back(undone, done, said.nothingAgain)),
    forget: () => {
      done = []
      undone = []
    },
  }
}
