/** The menus of cells, rows and columns. */
import { words } from "../base/language.js"
import { nameOf, textAt } from "./cells.js"
import { openMenu } from "./menu.js"

const said = words({
  ru: {
    menu: (name) => `Действия с ${name}`,
    columnMenu: (name) => `Столбец ${name}`,
    cut: "Вырезать",
    copy: "Копировать",
    paste: "Вставить",
    clear: "Очистить",
    above: (n) => (n === 1 ? "Вставить строку выше" : `Вставить строк выше: ${n}`),
    below: (n) => (n === 1 ? "Вставить строку ниже" : `Вставить строк ниже: ${n}`),
    remove: (n) => (n === 1 ? "Удалить строку" : `Удалить строки: ${n}`),
    hide: (n) => (n === 1 ? "Скрыть строку" : `Скрыть строки: ${n}`),
    unhide: (n) => `Показать скрытые строки: ${n}`,
    note: "Примечание…",
    up: "Сортировать лист А → Я",
    down: "Сортировать лист Я → А",
    filter: "Фильтр по значению…",
    unfilter: "Убрать фильтр",
    wider: "Столбец шире",
    narrower: "Столбец уже",
    fit: "Ширина по содержимому",
    undo: "Отменить",
    redo: "Повторить",
    all: "Выделить всё",
    edit: "Изменить",
  },
  en: {
    menu: (name) => `Actions on ${name}`,
    columnMenu: (name) => `Column ${name}`,
    cut: "Cut",
    copy: "Copy",
    paste: "Paste",
    clear: "Clear",
    above: (n) => (n === 1 ? "Insert row above" : `Insert rows above: ${n}`),
    below: (n) => (n === 1 ? "Insert row below" : `Insert rows below: ${n}`),
    remove: (n) => (n === 1 ? "Delete row" : `Delete rows: ${n}`),
    hide: (n) => (n === 1 ? "Hide row" : `Hide rows: ${n}`),
    unhide: (n) => `Show hidden rows: ${n}`,
    note: "Note…",
    up: "Sort sheet A → Z",
    down: "Sort sheet Z → A",
    filter: "Filter by values…",
    unfilter: "Remove filter",
    wider: "Wider column",
    narrower: "Narrower column",
    fit: "Fit column to content",
    undo: "Undo",
    redo: "Redo",
    all: "Select all",
    edit: "Edit",
  },
})

const ctrl = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl+"

export const makeCellMenu = ({ grid, selection, acts, clipboard, editor, edits }) => {
  const columnItems = (column, at) => [
    { label: said.up, act: () => acts.sort(column, false) },
    { label: said.down, act: () => acts.sort(column, true) },
    { label: said.filter, act: () => acts.filter(column, at) },
    ...(grid.tab().filter === undefined ? [] : [{ label: said.unfilter, act: acts.unfilter }]),
    undefined,
    { label: said.wider, keys: "Alt+Shift+→", act: () => acts.widen(1) },
    { label: said.narrower, keys: "Alt+Shift+←", act: () => acts.widen(-1) },
    { label: said.fit, act: acts.fit },
  ]

  /** Rows hidden by hand among the selected ones. */
  const hiddenRows = () => {
    const { top, bottom } = selection.range()
    const rows = Array.from({ length: bottom - top + 1 }, (_, at) => top + at)
    return rows.filter((row) => grid.isHidden(row) && grid.dataAt(row).filtered !== true)
  }

  /** The menu of the selected cells, at a point or, for the keyboard, at the active cell. */
  const open = (at = grid.cellAt(selection.active())) => {
    editor.close(true)
    const marked = acts.marks()
    const cell = selection.active()
    const count = marked.length
    const hidden = hiddenRows()
    const items = [
      ...(selection.isOne() ? [{ label: said.edit, keys: "F2", act: () => editor.open() }] : []),
      { label: said.cut, keys: `${ctrl}X`, act: clipboard.cut },
      { label: said.copy, keys: `${ctrl}C`, act: clipboard.copy },
      { label: said.paste, keys: `${ctrl}V`, act: clipboard.paste },
      { label: said.clear, keys: "Delete", act: () => acts.clear(marked) },
      { label: said.note, keys: "Shift+F2", act: () => acts.note(cell, at) },
      undefined,
      { label: said.above(count), act: () => acts.insertAbove(marked) },
      { label: said.below(count), act: () => acts.insertBelow(marked) },
      { label: said.remove(count), act: () => acts.remove(marked) },
      { label: said.hide(count), act: () => acts.hide(marked) },
      ...(hidden.length === 0
        ? []
        : [{ label: said.unhide(hidden.length), act: () => acts.unhide(hidden) }]),
      undefined,
      ...columnItems(cell.column, at),
      undefined,
      { label: said.undo, keys: `${ctrl}Z`, act: edits.undo },
      { label: said.redo, keys: `${ctrl}Y`, act: edits.redo },
      { label: said.all, keys: `${ctrl}A`, act: selection.selectAll },
    ]
    openMenu(items, at, { label: said.menu(nameOf(cell)), back: selection.focus })
  }

  const openColumn = (column, button) => {
    const name = textAt(grid.dataAt(0), column)
    openMenu(columnItems(column, button), button, {
      label: said.columnMenu(name),
      back: selection.focus,
    })
  }

  return { open, openColumn }
}
