/** What has changed on which tab, and which tab opens by itself because the bot writes there. */
import { keep, kept } from "../base/memory.js"

/** A tab that a person has opened stays open for so long at least. */
const pauseMs = 30_000
/** So long at least the page stays with a tab before it follows the bot to another one. */
const stayMs = 2_500

export const keyOf = ({ id, tab }) => `${id}/${tab}`

const textOf = ({ header, rows }) => JSON.stringify([header, rows])
export const countOf = ({ rows }) => rows.filter(({ cells }) => cells.length > 0).length

/** `open(place)` opens a tab; it is not called while `isBusy()`. `shown()` draws the switch anew. */
export const makeFollow = ({ open, isBusy, shown }) => {
  /** Tab → what it was like when it was looked at last. */
  let known = new Map()
  const mine = new Set()
  let on = kept("follow") !== "no"
  let pausedUntil = 0
  let openedAt = 0
  let waiting

  /**
   * Compares all tabs with what they were. Gives, by the key of each tab: whether it has `news`,
   * whether the bot has just `written` it, and whether what changed is to `flash`.
   */
  const look = (books, chosen) => {
    const isFirst = known.size === 0
    const before = known
    known = new Map()
    const states = new Map()
    for (const { id, tabs } of books) {
      for (const tab of tabs) {
        const place = { id, tab: tab.title }
        const key = keyOf(place)
        const was = before.get(key)
        const now = { text: textOf(tab), count: countOf(tab), writes: tab.botWrites }
        const isSame = was === undefined ? isFirst : was.text === now.text
        const own = !isSame && mine.delete(key)
        const written = !isSame && now.writes > (was?.writes ?? 0)
        const flash = !isSame && (written || !own)
        const isLess = now.count < (was?.count ?? 0)
        const isOpen = key === keyOf(chosen)
        const news = ((was?.news ?? false) || (flash && !isLess)) && !isOpen && !tab.hidden
        known.set(key, { ...now, news })
        states.set(key, { place, news, written, flash, isLess, hidden: tab.hidden })
      }
    }
    follow([...states.values()].filter(({ written, hidden }) => written && !hidden))
    return states
  }

  /** Of several tabs the one with new rows; several that only lose rows are a bot that starts. */
  const follow = (written) => {
    const fuller = written.filter(({ isLess }) => !isLess)
    const target = fuller.at(-1) ?? (written.length === 1 ? written[0] : undefined)
    if (target === undefined || !on) return
    clearTimeout(waiting)
    waiting = setTimeout(
      () => {
        if (!on || Date.now() < pausedUntil || isBusy()) return
        openedAt = Date.now()
        open(target.place)
      },
      Math.max(0, openedAt + stayMs - Date.now()),
    )
  }

  /** The person looks where he wants to. */
  const pause = () => {
    pausedUntil = Date.now() + pauseMs
    openedAt = Date.now()
    setTimeout(shown, pauseMs + 50)
    shown()
  }

  const turn = () => {
    on = !on
    pausedUntil = 0
    keep("follow", on ? undefined : "no")
    shown()
  }

  return {
    look,
    pause,
    turn,
    isOn: () => on,
    isPaused: () => on && Date.now() < pausedUntil,
    /** The next change of the tab is this person's own. */
    own: (place) => mine.add(keyOf(place)),
    /** Whether something new waits on the tab, or on any tab of the spreadsheet. */
    hasNews: (id, tab) =>
      tab === undefined
        ? [...known].some(([key, { news }]) => news && key.startsWith(`${id}/`))
        : known.get(keyOf({ id, tab }))?.news === true,
    /** The person looks at the tab. */
    saw: (place) => {
      const state = known.get(keyOf(place))
      if (state !== undefined) state.news = false
    },
    forget: () => (known = new Map()),
  }
}
