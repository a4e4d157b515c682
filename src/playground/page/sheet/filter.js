/** Choosing which values of a column stay visible. */
import { el } from "../base/dom.js"
import { words } from "../base/language.js"
import { textAt } from "./cells.js"
import { openPanel } from "./panel.js"

const said = words({
  ru: {
    title: (name) => `Фильтр по значению: ${name}`,
    search: "Найти значение",
    blank: "(пусто)",
    all: "Выбрать все",
    none: "Сбросить",
    ok: "ОК",
    cancel: "Отмена",
  },
  en: {
    title: (name) => `Filter by values: ${name}`,
    search: "Search values",
    blank: "(blank)",
    all: "Select all",
    none: "Clear",
    ok: "OK",
    cancel: "Cancel",
  },
})

/** `choose(hiddenValues)` is called when the person agrees. */
export const openFilter = ({ tab, column, name, at, back, choose }) => {
  const hidden = new Set(tab.filter?.[column] ?? [])
  const values = [...new Set(tab.rows.map((row) => textAt(row, column)))].toSorted((one, other) =>
    one.localeCompare(other, undefined, { numeric: true }),
  )
  const boxes = values.map((value) =>
    el("input", { type: "checkbox", checked: !hidden.has(value), value }),
  )
  const lines = values.map((value, index) =>
    el("label", {}, boxes[index], el("span", {}, value === "" ? said.blank : value)),
  )
  const search = el("input", {
    type: "search",
    placeholder: said.search,
    "aria-label": said.search,
  })
  search.addEventListener("input", () => {
    const part = search.value.toLowerCase()
    lines.forEach((line) => (line.hidden = !line.textContent.toLowerCase().includes(part)))
  })
  const check = (checked) =>
    boxes.forEach((box, index) => {
      if (!lines[index].hidden) box.checked = checked
    })
  const button = (label, click, className = "") =>
    el("button", { type: "button", className, on: { click } }, label)
  const agree = () => {
    close()
    choose(boxes.filter(({ checked }) => !checked).map(({ value }) => value))
  }
  const close = openPanel(
    "sheet-filter",
    said.title(name),
    [
      el("p", {}, said.title(name)),
      search,
      el(
        "div",
        { className: "sheet-buttons" },
        button(said.all, () => check(true), "as-link"),
        button(said.none, () => check(false), "as-link"),
      ),
      el("div", { className: "filter-values", tabIndex: 0 }, ...lines),
      el(
        "div",
        { className: "sheet-buttons at-end" },
        button(said.cancel, () => close()),
        button(said.ok, agree, "primary"),
      ),
    ],
    at,
    back,
  )
}
