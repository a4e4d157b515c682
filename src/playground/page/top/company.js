/** Which company the demo plays: its people, tabs and resources, its language and its zone. */
import { get, post } from "../base/api.js"
import { byId, el, setZone } from "../base/dom.js"
import { language, words } from "../base/language.js"
import { keep, kept } from "../base/memory.js"
import { nameZone } from "./clock.js"
import { ask } from "./dialogs.js"

const text = words({
  ru: {
    question: (title) => `Начать заново как «${title}»?`,
    loss: "Чаты и таблицы этой компании забудутся, образцы другой встанут на их место.",
    yes: "Сменить компанию",
  },
  en: {
    question: (title) => `Start afresh as “${title}”?`,
    loss: "The chats and sheets of this company are forgotten, and the samples of the other one take their place.",
    yes: "Change the company",
  },
})

/** `restarted()` makes the page forget the former company; `held(act)` asks for nothing during an act. */
export const makeCompany = ({ held, restarted }) => {
  const select = byId("company")
  let now

  const become = async (id) => {
    keep("company", id)
    select.disabled = true
    const done = await held(() => post("/sim/reset", { company: id }))
    select.disabled = false
    if (done === undefined) return
    await load()
    restarted()
  }

  select.addEventListener("change", async () => {
    const { id, title } = now.companies.find((each) => each.id === select.value)
    if (await ask({ title: text.question(words(title)), text: text.loss, yes: text.yes })) {
      await become(id)
    }
    select.value = now.id
  })

  /** Call this at the start, and when the demo has started again: another page may have changed it. */
  const load = async () => {
    now = await get("/sim/company")
    setZone(now.timezone)
    nameZone(now.timezone)
    select.replaceChildren(
      ...now.companies.map(({ id, title }) => el("option", { value: id }, words(title))),
    )
    select.value = now.id
    select.hidden = now.companies.length < 2
  }

  /** Gives a visitor who does not read Russian a company that he can read, if nobody began yet. */
  const greet = async (people) => {
    if (
      now === undefined ||
      language === "ru" ||
      now.language === language ||
      kept("company") !== undefined
    )
      return
    if (people.some(({ started, chat }) => started || chat.length > 0)) return
    const readable = now.companies.find((each) => each.language === language)
    if (readable !== undefined) await become(readable.id)
  }

  return { load, greet }
}
