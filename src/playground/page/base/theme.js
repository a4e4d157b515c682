/** Light or dark: as the system has it, until the person chooses. */
import { el } from "./dom.js"
import { words } from "./language.js"
import { keep, kept } from "./memory.js"

const themes = ["auto", "light", "dark"]
const names = words({
  ru: { auto: "Как в системе", light: "Светлая тема", dark: "Тёмная тема" },
  en: { auto: "As the system", light: "Light", dark: "Dark" },
})

const chosen = () => (themes.includes(kept("theme")) ? kept("theme") : "auto")

const apply = (theme) => {
  if (theme === "auto") delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}
apply(chosen())

/** The choice of a theme, for a menu. */
export const themeSelect = () => {
  const select = el(
    "select",
    { "aria-label": words({ ru: "Оформление", en: "Theme" }) },
    ...themes.map((value) => el("option", { value, selected: value === chosen() }, names[value])),
  )
  select.addEventListener("change", () => {
    keep("theme", select.value === "auto" ? undefined : select.value)
    apply(select.value)
  })
  return select
}
