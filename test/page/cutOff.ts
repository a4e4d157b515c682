/**
 * What a visitor cannot read or reach, whatever is on the screen: words that are cut off where
 * nothing scrolls, what lies outside of the window, and controls that something else lies on.
 */
import type { Page } from "playwright-core"

/** Runs in the page. A line for each finding. */
const look = `(() => {
  const roundUp = 1.5
  const name = (node) =>
    node.tagName.toLowerCase() + [...node.classList].map((each) => "." + each).join("")
  /** A person may make a column of a spreadsheet wider, and its cells have their text as a tip. */
  const isCell = (node) => node.closest(".sheet-grid table") !== null
  const isUnseen = (node) =>
    node.closest(".unseen, [aria-hidden='true'], .token, option, [inert]") !== null ||
    !node.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  const modal = document.querySelector("dialog:modal")
  const isBehind = (node) => modal !== null && !modal.contains(node)

  /** How much of the box can be seen, and whether the rest can be scrolled to. */
  const cuts = (node, box) => {
    let fixed = getComputedStyle(node).position === "fixed"
    for (let one = node; one !== null && one !== document.documentElement; one = one.parentElement) {
      const style = getComputedStyle(one)
      if (one !== node && fixed) continue
      if (style.position === "fixed") fixed = true
      if (one === document.body) break
      const [across, down] = [style.overflowX, style.overflowY]
      if (across === "visible" && down === "visible") continue
      const view = one.getBoundingClientRect()
      const isWide = box.left < view.left - roundUp || box.right > view.right + roundUp
      const isHigh = box.top < view.top - roundUp || box.bottom > view.bottom + roundUp
      const scrolls = (overflow) => overflow === "auto" || overflow === "scroll"
      if (isWide && !scrolls(across)) return "cut off by the width of " + name(one)
      if (isHigh && !scrolls(down)) return "cut off by the height of " + name(one)
      // What can be scrolled into view can be seen.
      if (scrolls(across) && one.scrollWidth > one.clientWidth) return undefined
      if (scrolls(down) && one.scrollHeight > one.clientHeight) return undefined
    }
    const { clientWidth: width, clientHeight: height } = document.documentElement
    if (box.left < -roundUp || box.right > width + roundUp) return "beside the window"
    if (box.top < -roundUp || box.bottom > height + roundUp) return "above or below the window"
    return undefined
  }

  const found = []
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (words.nextNode()) {
    const text = words.currentNode
    const node = text.parentElement
    if (text.data.trim() === "" || isCell(node) || isUnseen(node) || isBehind(node)) continue
    const range = new Range()
    range.selectNodeContents(text)
    for (const box of range.getClientRects()) {
      const cut = box.width > 0 ? cuts(node, box) : undefined
      if (cut === undefined) continue
      found.push(text.data.trim().slice(0, 60) + " (" + name(node) + "): " + cut)
      break
    }
  }

  const isInView = (node, { x, y }) => {
    for (let one = node.parentElement; one !== null; one = one.parentElement) {
      if (getComputedStyle(one).overflow === "visible") continue
      const view = one.getBoundingClientRect()
      if (x < view.left || x > view.right || y < view.top || y > view.bottom) return false
    }
    return true
  }
  for (const node of document.querySelectorAll("button, a, input, select, textarea, summary")) {
    if (isUnseen(node) || isBehind(node) || node.disabled || isCell(node)) continue
    const box = node.getBoundingClientRect()
    const middle = { x: box.left + box.width / 2, y: box.top + box.height / 2 }
    if (box.width === 0 || !isInView(node, middle)) continue
    const top = document.elementFromPoint(middle.x, middle.y)
    const isOurs = top !== null && (node.contains(top) || top.contains(node))
    // An open menu lies on what is below it until it is closed.
    if (isOurs || top?.closest(".sheet-menu, .menu, .commands, [popover]")) continue
    found.push(name(node) + " " + node.textContent.trim().slice(0, 40) + ": " +
      (top === null ? "outside of the window" : "under " + name(top)))
  }
  return found
})()`

export const cutOff = (page: Page) => page.evaluate<ReadonlyArray<string>>(look)
