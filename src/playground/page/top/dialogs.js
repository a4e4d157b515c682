/** The dialogs of the shell: a question before something is lost, and the form for a new person. */
import { get, post } from "../base/api.js"
import { byId, el } from "../base/dom.js"
import { words } from "../base/language.js"

const text = words({
  ru: {
    cancel: "Отмена",
    add: "Добавить",
    person: "Новый человек",
    name: "Имя",
    username: "Имя пользователя",
    optional: "можно без него",
    speaks: "Язык",
    languages: { ru: "русский", en: "английский" },
  },
  en: {
    cancel: "Cancel",
    add: "Add",
    person: "New person",
    name: "First name",
    username: "Username",
    optional: "may be empty",
    speaks: "Language",
    languages: { ru: "Russian", en: "English" },
  },
})

const cancelButton = (dialog) =>
  el("button", { type: "button", on: { click: () => dialog.close("") } }, text.cancel)

/** Asks, and tells whether the person said yes. */
export const ask = ({ title, text: why, yes }) => {
  const dialog = byId("confirm")
  const agree = el("button", { className: "danger", value: "yes" }, yes)
  dialog.replaceChildren(
    el(
      "form",
      { method: "dialog" },
      el("h2", {}, title),
      el("p", {}, why),
      el("menu", {}, cancelButton(dialog), agree),
    ),
  )
  dialog.setAttribute("aria-label", title)
  dialog.returnValue = ""
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true })
  })
}

/** Asks for a person and adds him; `added(id)` follows. */
export const addPerson = async (added) => {
  const users = await get("/sim/users").catch(() => [])
  const dialog = byId("person")
  const field = (label, props) => el("label", {}, label, el("input", props))
  const firstName = field(text.name, { name: "firstName", required: true, maxLength: 64 })
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", {}, text.person),
    firstName,
    field(text.username, { name: "username", placeholder: text.optional }),
    el(
      "label",
      {},
      text.speaks,
      el(
        "select",
        { name: "languageCode" },
        ...Object.entries(text.languages).map(([value, name]) => el("option", { value }, name)),
      ),
    ),
    field("Telegram ID", {
      name: "id",
      type: "number",
      min: 1,
      required: true,
      value: Math.max(0, ...users.map(({ id }) => id)) + 1,
    }),
    el("menu", {}, cancelButton(dialog), el("button", { className: "primary" }, text.add)),
  )
  form.addEventListener("submit", async () => {
    const { id, username, ...others } = Object.fromEntries(new FormData(form))
    const person = { id: Number(id), ...others, ...(username === "" ? {} : { username }) }
    const done = await post("/sim/users", person)
    if (done !== undefined) added(done.id)
  })
  dialog.setAttribute("aria-label", text.person)
  dialog.replaceChildren(form)
  dialog.showModal()
  firstName.querySelector("input").focus()
}
