/** The strip at the bottom with the tabs of one spreadsheet. */
import { el, walkable } from "../base/dom.js"
import { words } from "../base/language.js"
import { keyOf } from "./follow.js"
import { openMenu } from "./menu.js"

const said = words({
  ru: {
    tabs: "Листы",
    all: "Все листы",
    left: "Листы левее",
    right: "Листы правее",
    hidden: (count) => `скрытые листы: ${count}`,
    hiddenTab: "Скрытый лист бота",
    rows: (count) => `строк: ${count}`,
    news: "есть новое",
    add: "+ строка",
  },
  en: {
    tabs: "Tabs",
    all: "All tabs",
    left: "Tabs to the left",
    right: "Tabs to the right",
    hidden: (count) => `hidden tabs: ${count}`,
    hiddenTab: "Hidden tab of the bot",
    rows: (count) => `rows: ${count}`,
    news: "something new",
    add: "+ row",
  },
})

/** `choose(place)`, `turnHidden()` and `append()` do what a person asks for. */
export const makeTabs = (footer, { choose, turnHidden, append }) => {
  const list = walkable(el("div", { className: "tablist", role: "tablist" }))
  list.setAttribute("aria-label", said.tabs)
  const hidden = el("button", { type: "button", className: "quiet", on: { click: turnHidden } })
  const strip = el("div", { className: "tabstrip" }, list, hidden)
  const tool = (label, sign, click) =>
    el(
      "button",
      { type: "button", className: "sheet-tool", "aria-label": label, title: label, on: { click } },
      sign,
    )
  const slide = (way) => strip.scrollBy({ left: way * strip.clientWidth * 0.6 })
  const left = tool(said.left, "‹", () => slide(-1))
  const right = tool(said.right, "›", () => slide(1))
  const all = tool(said.all, "☰", () => openAll())
  const add = el(
    "button",
    { type: "button", className: "add-row", on: { click: append } },
    said.add,
  )
  for (const button of [left, right]) button.classList.add("slide")
  footer.append(all, left, strip, right, add)

  let shown = []
  let buttons = new Map()
  let current
  let hiddenCount = 0
  let showsHidden = false

  const openAll = () => {
    const items = shown.map(({ id, tab, count, selected }) => ({
      label: `${tab} (${count})`,
      checked: selected,
      act: () => choose({ id, tab }),
    }))
    const more = {
      label: said.hidden(hiddenCount),
      checked: showsHidden,
      act: turnHidden,
    }
    openMenu(hiddenCount > 0 ? [...items, undefined, more] : items, all, {
      label: said.all,
      back: () => all.focus(),
    })
  }

  const makeButton = ({ id, tab }) =>
    el(
      "button",
      { type: "button", role: "tab", on: { click: () => choose({ id, tab }) } },
      el("span", {}, tab),
      " ",
      el("small"),
    )

  const paint = (button, { tab, hidden: isHidden, count, news, selected }) => {
    button.setAttribute("aria-selected", String(selected))
    button.tabIndex = selected ? 0 : -1
    button.classList.toggle("bots-tab", isHidden)
    button.classList.toggle("fresh-news", news)
    button.lastElementChild.textContent = String(count)
    const notes = [isHidden ? said.hiddenTab : "", said.rows(count), news ? said.news : ""]
    button.title = notes.filter(Boolean).join(", ")
    button.setAttribute("aria-description", button.title)
  }

  /** `items` are `{ id, tab, hidden, count, news, selected, written }`. */
  const show = (items, hiddenTabs) => {
    shown = items
    ;({ count: hiddenCount, shown: showsHidden } = hiddenTabs)
    const before = buttons
    buttons = new Map(
      items.map((item) => {
        const key = keyOf(item)
        const button = before.get(key) ?? makeButton(item)
        paint(button, item)
        if (item.written) blink(button)
        return [key, button]
      }),
    )
    const nodes = [...buttons.values()]
    if (
      nodes.some((node, at) => list.children[at] !== node) ||
      list.children.length !== nodes.length
    ) {
      list.replaceChildren(...nodes)
    }
    hidden.hidden = hiddenCount === 0
    hidden.textContent = said.hidden(hiddenCount)
    hidden.setAttribute("aria-pressed", String(showsHidden))
    const selected = items.find((item) => item.selected)
    if (selected !== undefined && keyOf(selected) !== current) {
      current = keyOf(selected)
      showSlides()
      reveal(buttons.get(current))
    }
    showSlides()
  }

  const reveal = (button) => {
    const [view, box] = [strip.getBoundingClientRect(), button.getBoundingClientRect()]
    if (box.left < view.left) strip.scrollLeft -= view.left - box.left + 24
    else if (box.right > view.right) strip.scrollLeft += box.right - view.right + 24
  }

  const showSlides = () => {
    const isLonger = list.scrollWidth + hidden.offsetWidth > strip.clientWidth + 1
    left.hidden = right.hidden = !isLonger && strip.scrollLeft === 0
    left.disabled = strip.scrollLeft <= 0
    right.disabled = strip.scrollLeft + strip.clientWidth >= strip.scrollWidth - 1
  }
  strip.addEventListener("scroll", showSlides)
  new ResizeObserver(() => {
    showSlides()
    if (buttons.has(current)) reveal(buttons.get(current))
  }).observe(strip)

  return { show }
}

const blink = (button) => {
  button.classList.remove("tab-blink")
  // Reading the place makes the browser begin the animation anew.
  void button.offsetTop
  button.classList.add("tab-blink")
  setTimeout(() => button.classList.remove("tab-blink"), 2_000)
}
