/** The spreadsheets as a person with a browser sees and edits them. */
import { get, path } from "../base/api.js"
import { el } from "../base/dom.js"
import { words } from "../base/language.js"
import { onView, seen as inView, show as keepInView } from "../base/view.js"
import { makeActs } from "./acts.js"
import { makeCellMenu } from "./cellMenu.js"
import { cornersOf, editText, nameOfRange, textAt } from "./cells.js"
import { makeClipboard } from "./clipboard.js"
import { makeEditor } from "./editor.js"
import { makeEdits } from "./edits.js"
import { countOf, keyOf, makeFollow } from "./follow.js"
import { makeGrid } from "./grid.js"
import { listenToKeys, listenToPointer } from "./hands.js"
import { makeNotes } from "./notes.js"
import { makeSelection } from "./selection.js"
import { makeTabs } from "./tabs.js"

const said = words({
  ru: {
    books: "Таблица",
    follow: "следить за ботом",
    followTitle: "Открывать лист, в который бот только что записал",
    paused: "Полминуты стоит на листе, который вы открыли",
    news: "есть новое",
    name: "Ячейка или диапазон",
    value: "Значение ячейки",
    undo: "Отменить (Ctrl+Z)",
    redo: "Повторить (Ctrl+Y)",
    more: "Действия с выделенным (Shift+F10)",
    selected: (count) => `Заполнено ячеек: ${count}`,
    filtered: (count, all) => `Фильтр: ${count} из ${all}`,
    unfilter: "Убрать фильтр",
    empty: "Пусто.",
    emptyIssued: "Пока пусто. Бот запишет сюда строку, когда у выданного появится отметка.",
    emptyBase:
      "Пусто: все строки уже в запасе у бота. Добавьте свою, и через минуту он заберёт и её.",
  },
  en: {
    books: "Spreadsheet",
    follow: "follow the bot",
    followTitle: "Open the tab that the bot has just written to",
    paused: "Stays half a minute with the tab that you opened",
    news: "something new",
    name: "Cell or range",
    value: "Value of the cell",
    undo: "Undo (Ctrl+Z)",
    redo: "Redo (Ctrl+Y)",
    more: "Actions on what is selected (Shift+F10)",
    selected: (count) => `Filled cells: ${count}`,
    filtered: (count, all) => `Filter: ${count} of ${all}`,
    unfilter: "Remove filter",
    empty: "Nothing here.",
    emptyIssued: "Nothing yet. The bot writes a row here once an issued item has its mark.",
    emptyBase:
      "Nothing here: the bot has taken all rows into its stock. Add one, and within a minute it takes that too.",
  },
})

const sayMs = 6_000

export const makeSheets = (section, changed) => {
  const parts = makeParts()
  section.append(parts.top, parts.bar, parts.frame, parts.footer)
  const { holder, toast } = parts

  let books = []
  /** `{ id, tab }` of the tab on the screen. */
  let chosen = placeInView()
  let showsHidden = inView("hidden") === "yes"
  /** Tab → how it was when it was on the screen last, to show what has changed since. */
  const left = new Map()
  /** Spreadsheet → the tab of it that was on the screen last. */
  const lastOf = new Map()

  const say = (text) => {
    toast.textContent = text
    toast.hidden = false
    clearTimeout(toast.timer)
    toast.timer = setTimeout(() => (toast.hidden = true), sayMs)
  }

  const isBusy = () =>
    editor.isOpen() || document.querySelector("dialog[open], .sheet-menu") !== null
  const follow = makeFollow({ open: (place) => open(place), isBusy, shown: () => showFollow() })
  const edits = makeEdits({
    say,
    own: follow.own,
    changed,
    goTo: (place) => keyOf(place) !== keyOf(chosen) && open(place),
  })

  const grid = makeGrid(holder, {
    menuOf: (column, button) => menu.openColumn(column, button),
    unhide: (rows) => acts.unhide(rows),
  })
  const selection = makeSelection(grid, holder, () => showSelected())
  const acts = makeActs({ grid, selection, edits, place: () => chosen })
  const editor = makeEditor({
    holder,
    grid,
    selection,
    bar: parts.value,
    write: (mark, column, text) => acts.type(mark, column, text),
    moveOn: (key, shift) => keys.moveOn(key, shift),
  })
  const clipboard = makeClipboard({ holder, grid, selection, acts, say })
  const menu = makeCellMenu({ grid, selection, acts, clipboard, editor, edits })
  const hands = { holder, grid, selection, editor, menu, acts, edits }
  listenToPointer(hands)
  const keys = listenToKeys(hands)
  const notes = makeNotes(holder, grid, selection)

  const tabs = makeTabs(parts.footer, {
    choose: (place) => choose(place),
    turnHidden: () => {
      showsHidden = !showsHidden
      keepInView("hidden", showsHidden ? "yes" : undefined)
      draw()
    },
    append: async () => {
      if (await acts.append()) holder.scrollTo({ top: endOfRows() })
    },
  })

  const endOfRows = () => {
    const last = grid.lineAt(selection.lastFilled().row)
    return last === undefined ? 0 : last.node.offsetTop + 80 - holder.clientHeight
  }

  const showSelected = () => {
    const range = selection.range()
    parts.name.value = nameOfRange(range)
    const { row, column } = selection.active()
    editor.showText(editText(grid.dataAt(row), column))
    showStatus()
  }

  /** How much is selected, and how much the filter hides. */
  const showStatus = () => {
    const { left: first, right } = selection.range()
    const columns = Array.from({ length: right - first + 1 }, (_, at) => first + at)
    const filled = selection.isOne()
      ? 0
      : selection
          .rows()
          .flatMap((row) => columns.filter((column) => textAt(grid.dataAt(row), column) !== ""))
          .length
    const { filter, rows } = grid.tab() ?? { rows: [] }
    const shown = rows.filter(({ hidden }) => hidden !== true).length
    parts.filtered.hidden = filter === undefined
    parts.filtered.firstElementChild.textContent = said.filtered(shown, rows.length)
    parts.count.textContent = filled > 1 ? said.selected(filled) : ""
    parts.count.hidden = filled <= 1
  }
  parts.filtered.lastElementChild.addEventListener("click", () => acts.unfilter())

  const showFollow = () => {
    parts.follow.setAttribute("aria-checked", String(follow.isOn()))
    parts.follow.classList.toggle("paused", follow.isPaused())
    parts.follow.title = follow.isPaused() ? said.paused : said.followTitle
  }
  parts.follow.addEventListener("click", follow.turn)
  showFollow()

  parts.undo.addEventListener("click", edits.undo)
  parts.redo.addEventListener("click", edits.redo)
  parts.more.addEventListener("click", () => menu.open(parts.more))
  parts.name.addEventListener("focus", () => parts.name.select())
  parts.name.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return selection.focus()
    const corners = event.key === "Enter" ? cornersOf(parts.name.value) : undefined
    if (corners === undefined) return
    event.preventDefault()
    selection.set(...corners)
    selection.focus()
  })
  parts.name.addEventListener("blur", () => showSelected())

  const tabOf = ({ id, tab }) =>
    books.find((book) => book.id === id)?.tabs.find(({ title }) => title === tab)

  /** The tab that is to be on the screen, or the first one where there is no such tab. */
  const settle = () => {
    if (chosen !== undefined && tabOf(chosen) !== undefined) return
    const book = books.find(({ id }) => id === chosen?.id) ?? books[0]
    chosen = { id: book.id, tab: book.tabs[0].title }
  }

  const open = (place) => {
    editor.close(true)
    const current = tabOf(chosen)
    if (current !== undefined) left.set(keyOf(chosen), current)
    chosen = place
    follow.saw(place)
    keepInView("sheet", keyOf(place))
    if (books.length > 0) draw()
  }

  /** A person opens a tab himself. */
  const choose = (place) => {
    follow.pause()
    open(place)
  }

  onView(() => {
    const place = placeInView()
    if (place !== undefined && tabOf(place) !== undefined && keyOf(place) !== keyOf(chosen)) {
      open(place)
    }
  })

  /** What has changed since the tabs were drawn last; nothing after that was drawn. */
  let states = new Map()

  const draw = () => {
    settle()
    lastOf.set(chosen.id, chosen.tab)
    showBooks()
    showTabs()
    const key = keyOf(chosen)
    const tab = tabOf(chosen)
    const hadFocus = holder.contains(document.activeElement) && !editor.isOpen()
    const before = left.get(key)
    left.delete(key)
    const hint = hintFor(chosen, tab)
    let another = false
    // A tab that was away is drawn as it was left, so that what came since can flash.
    if (before !== undefined) another = grid.show(key, before, { flash: false, hint })
    const flash = before !== undefined || states.get(key)?.flash === true
    another = grid.show(key, tab, { flash, hint }) || another
    selection.follow(another)
    editor.place()
    if (hadFocus) grid.cellAt(selection.active())?.focus({ preventScroll: true })
    if (flash && follow.isOn() && !isBusy() && !hadFocus) grid.revealFresh()
    notes.showActive()
    states = new Map()
  }

  const showBooks = () => {
    const items = books.map(({ id, title }) => ({
      id,
      title,
      news: id !== chosen.id && follow.hasNews(id),
    }))
    const text = JSON.stringify([items, chosen.id])
    if (parts.books.dataset.text === text) return
    parts.books.dataset.text = text
    const focused = [...parts.books.children].indexOf(document.activeElement)
    parts.books.replaceChildren(
      ...items.map(({ id, title, news }) =>
        el(
          "button",
          {
            type: "button",
            className: news ? "fresh-news" : "",
            "aria-pressed": String(id === chosen.id),
            title: news ? `${title}, ${said.news}` : title,
            on: {
              click: () => id === chosen.id || choose({ id, tab: lastOf.get(id) ?? firstOf(id) }),
            },
          },
          // “(demo)” is in both.
          title.replace(/ \([^)]*\)$/, ""),
        ),
      ),
    )
    parts.books.children[focused]?.focus()
  }

  const firstOf = (id) => books.find((book) => book.id === id).tabs[0].title

  const showTabs = () => {
    const { id, tabs: all } = books.find((book) => book.id === chosen.id)
    const items = all
      .map((tab) => {
        const place = { id, tab: tab.title }
        return {
          ...place,
          hidden: tab.hidden,
          count: countOf(tab),
          news: follow.hasNews(id, tab.title),
          written: states.get(keyOf(place))?.written === true,
          selected: keyOf(place) === keyOf(chosen),
        }
      })
      .filter(({ hidden, selected }) => !hidden || showsHidden || selected)
    tabs.show(items, { count: all.filter(({ hidden }) => hidden).length, shown: showsHidden })
  }

  /** Gives the spreadsheets with their tabs. */
  const show = async () => {
    const turn = edits.turn()
    const list = await get("/sim/sheets")
    const asked = await Promise.all(
      list.map(async (book) => ({ ...book, tabs: await get(path("sheets", book.id)) })),
    )
    // What was asked for before an edit would bring back what the edit has changed.
    if (books.length > 0 && (turn === undefined || turn !== edits.turn())) return asked
    books = asked
    settle()
    states = follow.look(books, chosen)
    draw()
    return books
  }

  const forget = () => {
    follow.forget()
    edits.forget()
    left.clear()
  }

  return { show, forget }
}

const placeInView = () => {
  const [, id, tab] = /^([^/]+)\/(.+)$/s.exec(inView("sheet") ?? "") ?? []
  return id === undefined ? undefined : { id, tab }
}

const hintFor = ({ id }, { hidden }) => {
  if (hidden) return said.empty
  return id === "demo-issued" ? said.emptyIssued : said.emptyBase
}

const tool = (sign, label) =>
  el("button", { type: "button", className: "sheet-tool", title: label, "aria-label": label }, sign)

const makeParts = () => {
  const books = el("div", { className: "sheet-books", role: "group", "aria-label": said.books })
  const follow = el(
    "button",
    { type: "button", className: "follow-bot", role: "switch", "aria-checked": "true" },
    el("i", { "aria-hidden": "true" }),
    said.follow,
  )
  const name = el("input", { className: "name-box", "aria-label": said.name, autocomplete: "off" })
  const value = el("input", { className: "formula", "aria-label": said.value, autocomplete: "off" })
  name.spellcheck = value.spellcheck = false
  const [undo, redo, more] = [tool("↶", said.undo), tool("↷", said.redo), tool("⋮", said.more)]
  const holder = el("div", { className: "sheet-grid" })
  const count = el("span", { hidden: true })
  const filtered = el(
    "span",
    { className: "is-filtered", hidden: true },
    el("span"),
    el("button", { type: "button", title: said.unfilter, "aria-label": said.unfilter }, "×"),
  )
  const status = el("div", { className: "sheet-status" }, filtered, count)
  const toast = el("p", { className: "sheet-toast", role: "status", hidden: true })
  return {
    top: el("div", { className: "sheet-top" }, books, follow),
    bar: el(
      "div",
      { className: "sheet-bar" },
      name,
      el("span", { className: "sheet-fx", "aria-hidden": "true" }, "fx"),
      value,
      undo,
      redo,
      more,
    ),
    frame: el("div", { className: "sheet-frame" }, holder, status, toast),
    footer: el("footer"),
    ...{ books, follow, name, value, undo, redo, more, holder, count, filtered, toast },
  }
}
