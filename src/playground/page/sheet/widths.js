/** How wide the columns are that a person has made wider or narrower, as this browser remembers it. */
import { keep, kept } from "../base/memory.js"

const name = "columns"
const narrowest = 32
const widest = 900

const read = () => {
  try {
    return JSON.parse(kept(name) ?? "{}")
  } catch {
    return {}
  }
}

let all = read()

/** Of a tab, by the column; nothing where the width is that of the texts. */
export const widthsOf = (tab) => all[tab] ?? {}

/** `undefined` leaves the width to the texts again. */
export const setWidth = (tab, column, width) => {
  const own = { ...widthsOf(tab) }
  if (width === undefined) delete own[column]
  else own[column] = Math.round(Math.min(widest, Math.max(narrowest, width)))
  all = { ...all, [tab]: own }
  if (Object.keys(own).length === 0) delete all[tab]
  keep(name, JSON.stringify(all))
}
