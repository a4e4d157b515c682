/** The spreadsheets as a person with a browser sees and edits them. */
import { get, path } from "../base/api.js"
import { words } from "../base/language.js"
import { onView, seen as inView, show as keepInView } from "../base/view.js"
import { makeActs } from "./acts.js"
import { makeCellMenu } from "./cellMenu.js"
import { makeClipboard } from "./clipboard.js"
import { makeEditor } from "./editor.js"
import { makeEdits } from "./edits.js"
import { countOf, keyOf, makeFollow } from "./follow.js"
import { makeBar, makeBooks, makeFrame, makeSwitch, sayIn } from "./frame.js"
import { makeGrid } from "./grid.js"
import { listenToEdges, listenToKeys, listenToPointer } from "./hands.js"
import { makeNotes } from "./notes.js"
import { makeSelection } from "./selection.js"
import { makeTabs } from "./tabs.js"

const said = words({
  ru: {
    empty: "Пусто.",
    emptyIssued: "Пока пусто. Бот запишет сюда строку, когда у выданного появится отметка.",
    emptyBase:
      "Пусто: все строки уже в запасе у бота. Добавьте свою: он заберёт её, когда её спросят, а сам — не позже чем через пять минут.",
  },
  en: {
    empty: "Nothing here.",
    emptyIssued: "Nothing yet. The bot writes a row here once an issued item has its mark.",
    emptyBase:
      "Nothing here: the bot has taken all rows into its stock. Add one: it takes it when somebody asks, and by itself within five minutes.",
  },
})

export const makeSheets = (section, changed) => {
  const parts = makeFrame(section)
  const { holder } = parts
  const say = sayIn(parts.toast)

  let books = []
  /** `{ id, tab }` of the tab on the screen. */
  let chosen = placeInView()
  let showsHidden = inView("hidden") === "yes"
  /** Tab → how it was before what has changed while it was not on the screen. */
  const left = new Map()
  /** Spreadsheet → the tab of it that was on the screen last. */
  const lastOf = new Map()

  const isBusy = () =>
    editor.isOpen() || document.querySelector("dialog[open], .sheet-menu") !== null
  const goTo = (place) => keyOf(place) !== keyOf(chosen) && open(place)
  const follow = makeFollow({ open: goTo, isBusy, shown: () => showFollow() })
  const edits = makeEdits({ say, own: follow.own, changed, goTo })

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
  const clipboard = makeClipboard({ holder, grid, selection, acts, say, place: () => chosen })
  const menu = makeCellMenu({ grid, selection, acts, clipboard, editor, edits })
  const hands = { holder, grid, selection, editor, menu, acts, edits, clipboard }
  listenToEdges(hands)
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

  const showFollow = makeSwitch(parts.follow, follow)
  const showSelected = makeBar(parts, { grid, selection, editor })
  const showBooks = makeBooks(parts.books, (id) =>
    choose({ id, tab: lastOf.get(id) ?? firstOf(id) }),
  )
  parts.undo.addEventListener("click", edits.undo)
  parts.redo.addEventListener("click", edits.redo)
  parts.more.addEventListener("click", () => menu.open(parts.more))
  parts.unfilter.addEventListener("click", () => acts.unfilter())

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
    if (place === undefined) return
    if (books.length === 0) chosen = place
    else if (tabOf(place) !== undefined) goTo(place)
  })

  /** What has changed since the tabs were drawn last; nothing after that was drawn. */
  let states = new Map()

  const draw = () => {
    settle()
    lastOf.set(chosen.id, chosen.tab)
    showBooks(
      books.map(({ id, title }) => ({
        id,
        title,
        news: id !== chosen.id && follow.hasNews(id),
        selected: id === chosen.id,
      })),
    )
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
    clipboard.showCut()
    if (hadFocus) grid.cellAt(selection.active())?.focus({ preventScroll: true })
    if (flash && follow.isOn() && !isBusy() && !hadFocus) grid.revealFresh()
    notes.show()
    states = new Map()
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
    const before = books
    books = asked
    settle()
    states = follow.look(books, chosen)
    keepFormer(before)
    draw()
    return books
  }

  /** Keeps the tabs as they were that have changed where nobody sees it. */
  const keepFormer = (before) => {
    for (const { id, tabs: all } of before) {
      for (const tab of all) {
        const key = keyOf({ id, tab: tab.title })
        const isUnseen = states.get(key)?.flash === true && key !== keyOf(chosen)
        if (isUnseen && !left.has(key)) left.set(key, tab)
      }
    }
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
