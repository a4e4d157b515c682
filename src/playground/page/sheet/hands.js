/** Mouse, finger and keyboard on the cells. */

const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

/** The mouse selects, drags and opens menus; a second tap of a finger edits. */
export const listenToPointer = ({ holder, grid, selection, editor, menu }) => {
  let from

  const selectAt = ({ row, column }, extend) => {
    if (row < 0 && column < 0) return selection.selectAll()
    if (row < 0) return selection.selectColumn(column, { extend })
    if (column < 0) return selection.selectRow(row, { extend })
    return selection.select({ row, column }, { extend })
  }

  const isButton = ({ target }) =>
    target.closest("button") !== null && target.closest(".column-letters") === null

  holder.addEventListener("pointerdown", (event) => {
    const place = grid.placeOf(event.target)
    if (place === undefined || event.button !== 0 || isButton(event)) return
    if (isEdge(event)) return
    if (event.pointerType === "touch") return
    event.preventDefault()
    editor.close(true)
    selectAt(place, event.shiftKey)
    from = place
  })
  holder.addEventListener("pointermove", (event) => {
    if (from === undefined) return
    if (event.buttons === 0) return (from = undefined)
    const target = document.elementFromPoint(event.clientX, event.clientY)
    const place = target && grid.placeOf(target)
    if (!place) return
    if (from.row < 0) selection.selectColumn(Math.max(0, place.column), { extend: true })
    else if (from.column < 0) selection.selectRow(Math.max(0, place.row), { extend: true })
    else if (place.row >= 0 && place.column >= 0) selection.select(place, { extend: true })
  })
  addEventListener("pointerup", () => (from = undefined))

  // A finger that scrolls makes no click.
  holder.addEventListener("click", (event) => {
    const place = grid.placeOf(event.target)
    if (event.pointerType !== "touch" || place === undefined) return
    if (isButton(event) || isEdge(event)) return
    const { row, column } = selection.active()
    const isSecond = selection.isOne() && place.row === row && place.column === column
    if (isSecond && document.activeElement === grid.cellAt(place)) return editor.open()
    editor.close(true)
    selectAt(place, false)
  })
  holder.addEventListener("dblclick", (event) => {
    const place = grid.placeOf(event.target)
    if (place !== undefined && place.row >= 0 && place.column >= 0 && !isButton(event))
      editor.open()
  })
  holder.addEventListener("contextmenu", (event) => {
    const place = grid.placeOf(event.target)
    if (place === undefined) return
    event.preventDefault()
    const cell = { row: Math.max(0, place.row), column: Math.max(0, place.column) }
    if (place.column < 0 && !selection.contains(cell)) selection.selectRow(cell.row)
    else if (place.row < 0 && !selection.contains(cell)) selection.selectColumn(cell.column)
    else if (!selection.contains(cell)) selection.select(cell)
    menu.open({ x: event.clientX, y: event.clientY })
  })
}

const isEdge = ({ target }) => target.closest(".column-letters i") !== null

/** The edge of a letter is dragged to make its column wider; a double click fits the texts. */
export const listenToEdges = ({ holder, grid, editor }) => {
  let drag
  const columnOf = ({ target }) => grid.placeOf(target).column
  holder.addEventListener("pointerdown", (event) => {
    if (!isEdge(event) || event.button !== 0) return
    event.preventDefault()
    editor.close(true)
    event.target.setPointerCapture(event.pointerId)
    const column = columnOf(event)
    drag = { column, from: event.clientX, width: grid.widthAt(column) }
  })
  holder.addEventListener("pointermove", (event) => {
    // A click, of which a double click begins with two, leaves the width.
    if (drag === undefined || event.clientX === drag.from) return
    grid.stretch(drag.column, drag.width + event.clientX - drag.from)
  })
  for (const end of ["pointerup", "pointercancel"]) {
    holder.addEventListener(end, () => (drag = undefined))
  }
  holder.addEventListener("dblclick", (event) => isEdge(event) && grid.fit(columnOf(event)))
}

/** The keys of a spreadsheet. Tab leaves the grid after the last column, and after Escape. */
export const listenToKeys = (hands) => {
  const { holder, grid, selection, editor, menu, acts, edits, clipboard } = hands
  let leaves = false
  /** The column where a row of entries with Tab has begun: Enter goes back there. */
  let began

  /** Where the selection goes after an entry. */
  const moveOn = (key, shift) => {
    if (key === "Tab") {
      began ??= selection.active().column
      return selection.move(0, shift ? -1 : 1)
    }
    const { row } = selection.active()
    if (began !== undefined) selection.select({ row, column: began })
    began = undefined
    return selection.move(shift ? -1 : 1, 0)
  }

  const withCtrl = (event) => {
    const { row, column } = selection.active()
    const last = selection.lastFilled()
    const extend = event.shiftKey
    const to = {
      KeyA: () => selection.selectAll(),
      KeyZ: () => (event.shiftKey ? edits.redo() : edits.undo()),
      KeyY: () => edits.redo(),
      Space: () => selection.selectColumn(column),
      Home: () => selection.select({ row: 0, column: 0 }, { extend }),
      End: () => selection.select(last, { extend }),
    }[event.code]
    if (arrows[event.key] !== undefined) {
      return () => selection.move(...arrows[event.key], { extend, far: true })
    }
    return to ?? (event.code === "Backspace" ? () => selection.select({ row, column }) : undefined)
  }

  const withAlt = (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    return event.shiftKey && by !== undefined ? () => acts.widen(by) : undefined
  }

  const page = () => Math.max(1, Math.floor(holder.clientHeight / 24) - 3)

  const plain = (event) => {
    const extend = event.shiftKey
    const { row, column } = selection.active()
    if (arrows[event.key] !== undefined)
      return () => selection.move(...arrows[event.key], { extend })
    if (event.code === "Space" && event.shiftKey) return () => selection.selectRow(row)
    if (event.key === "F2" && event.shiftKey)
      return () => acts.note({ row, column }, grid.cellAt({ row, column }))
    if (event.key === "F10" && event.shiftKey) return () => menu.open()
    return {
      Enter: () => editor.open(),
      F2: () => editor.open(),
      Delete: () => acts.clear(),
      Backspace: () => acts.clear(),
      ContextMenu: () => menu.open(),
      Home: () => selection.select({ row, column: 0 }, { extend }),
      End: () => selection.select({ row, column: selection.lastFilled().column }, { extend }),
      PageDown: () => selection.select({ row: row + page(), column }, { extend }),
      PageUp: () => selection.select({ row: row - page(), column }, { extend }),
      Escape: () => {
        clipboard.uncut()
        leaves = true
      },
    }[event.key]
  }

  const isAtEdge = (shift) => {
    const { column } = selection.active()
    return shift ? column === 0 : column === grid.size().columns - 1
  }

  holder.addEventListener("keydown", (event) => {
    if (grid.placeOf(event.target) === undefined || event.isComposing) return
    if (event.key === "Tab") {
      if (leaves || isAtEdge(event.shiftKey)) return (leaves = false)
      event.preventDefault()
      return moveOn("Tab", event.shiftKey)
    }
    if (event.key !== "Shift") leaves = false
    const isCtrl = event.ctrlKey || event.metaKey
    const act = isCtrl ? withCtrl(event) : event.altKey ? withAlt(event) : plain(event)
    if (act !== undefined) {
      event.preventDefault()
      return act()
    }
    if (event.key.length === 1 && !isCtrl && !event.altKey) {
      event.preventDefault()
      editor.open({ text: event.key })
    }
  })
  holder.addEventListener("pointerdown", () => (began = undefined))

  return { moveOn }
}
