/** The menu for what is seldom wanted. */
import { byId, el } from "../base/dom.js"
import { language, speak, words } from "../base/language.js"
import { themeSelect } from "../base/theme.js"

const text = words({
  ru: {
    faults: ["Сбои вручную", "Сломать следующий запрос к Telegram или Google"],
    calls: ["Вызовы API", "Что бот спрашивает и что ему отвечают"],
    person: ["Новый человек", "Ещё один сотрудник"],
    guide: ["Первые шаги", "Показать подсказку сначала"],
    reset: ["Начать заново", "Забыть чаты, вернуть таблицы к образцу"],
    other: "English",
    switchTo: "Switch to English",
    theme: "Оформление",
  },
  en: {
    faults: ["Faults by hand", "Break the next request to Telegram or Google"],
    calls: ["API calls", "What the bot asks, and what it is answered"],
    person: ["New person", "One more employee"],
    guide: ["First steps", "Show the guide from its beginning"],
    reset: ["Start afresh", "Forget the chats, put the samples back into the sheets"],
    other: "Русский",
    switchTo: "Переключить на русский",
    theme: "Theme",
  },
})

/** `acts` has what each of the entries does. */
export const makeMore = (acts) => {
  const menu = byId("more")
  const entry = (name) =>
    el(
      "button",
      {
        type: "button",
        id: `more-${name}`,
        className: name === "reset" ? "warn" : "",
        on: {
          click: () => {
            menu.hidePopover()
            acts[name]()
          },
        },
      },
      el("b", {}, text[name][0]),
      el("small", {}, text[name][1]),
    )
  menu.append(
    ...["faults", "calls", "person", "guide", "reset"].map(entry),
    el("label", {}, text.theme, themeSelect()),
  )
  const button = byId("language")
  const other = { ru: "en", en: "ru" }[language]
  button.textContent = text.other
  button.lang = other
  button.title = text.switchTo
  button.addEventListener("click", () => speak(other))
  moveChoices(menu)
}

/** Where the header has one line for the headline; top.css names the same width. */
const phone = matchMedia("(max-width: 640px)")

/** On a phone the menu holds what stands beside the headline elsewhere, so that the header stays low. */
const moveChoices = (menu) => {
  const [sentence, company, language] = [byId("pitch"), byId("company"), byId("language")]
  const [says, choices] = [sentence.parentElement, company.parentElement]
  const place = () => {
    if (phone.matches) menu.prepend(sentence, company, language)
    else {
      says.append(sentence)
      choices.prepend(company, language)
    }
  }
  phone.addEventListener("change", place)
  place()
}
