/**
 * The drawers of the page and, on a narrow screen, its places: what is open stands in the address
 * (`#panel=calls`, `#place=pools`).
 */
import { byId, el, walkable } from "../base/dom.js"
import { words } from "../base/language.js"
import { onView, seen, show } from "../base/view.js"

/** The bottom bar of a narrow screen, in this order. */
const places = words({
  ru: { chats: "Чаты", pools: "Запас", sheets: "Таблицы", scenes: "Сцены" },
  en: { chats: "Chats", pools: "Stock", sheets: "Sheets", scenes: "Scenes" },
})
const signs = { chats: "💬", pools: "◔", sheets: "▦", scenes: "▶" }

/** Where the page has room for one place only; page.css says the same. */
const narrow = matchMedia("(max-width: 1180px)")

export const makePanels = (changed) => {
  const panelNow = () => seen("panel")
  const placeNow = () => (Object.hasOwn(places, seen("place")) ? seen("place") : "chats")

  const bar = walkable(byId("places"))
  const buttons = Object.entries(places).map(([place, name]) =>
    el(
      "button",
      { type: "button", data: { place }, on: { click: () => toPlace(place) } },
      el("span", { "aria-hidden": "true" }, signs[place]),
      name,
    ),
  )
  bar.append(...buttons)

  const paint = () => {
    const [panel, place] = [panelNow(), placeNow()]
    document.body.dataset.place = place
    for (const button of buttons) {
      if (button.dataset.place === place) button.setAttribute("aria-current", "page")
      else button.removeAttribute("aria-current")
    }
    byId("faults").hidden = panel !== "faults"
    byId("calls").hidden = panel !== "calls"
    byId("scenes").classList.toggle("open", panel === "scenes")
    byId("show-scenes").setAttribute("aria-expanded", String(panel === "scenes"))
  }

  const toPlace = (place) => {
    show("place", place === "chats" ? undefined : place)
    show("panel", undefined)
    paint()
    changed()
  }

  /** Opens a drawer, or closes it where it is open. */
  const toggle = (panel) => {
    show("panel", panelNow() === panel ? undefined : panel)
    paint()
    changed()
  }

  const close = () => {
    show("panel", undefined)
    paint()
  }

  byId("show-scenes").addEventListener("click", () => toggle("scenes"))
  addEventListener("keydown", ({ key, target }) => {
    if (key === "Escape" && target.closest("#scenes, #faults, #calls")) close()
  })
  onView(() => {
    paint()
    changed()
  })
  paint()

  return { toggle, close, toPlace, isNarrow: () => narrow.matches }
}
