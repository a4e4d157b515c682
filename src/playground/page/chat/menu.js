/** A menu that opens where it was asked for, and closes on a choice, on Esc and on a press elsewhere. */
import { el } from "../base/dom.js"
import { icon } from "./icons.js"

/** From the edge of what the menu stays within, in pixels. */
const margin = 4

/**
 * `items` are `{ icon, text, act }`. It opens at the point `at`, below it or where there is no room
 * above it, and within the sides of `parent`. `className` gives it another shape, as that of the
 * stickers.
 */
export const openMenu = ({ parent, at, label, items, className = "" }) => {
  const back = document.activeElement
  const node = el(
    "div",
    // One that closes by itself would do so when the button of the mouse that opened it is let go.
    { className: `menu ${className}`, role: "menu", popover: "manual", "aria-label": label },
    ...items.map((item) => menuItem(item, () => close())),
  )
  const close = () => {
    if (!node.isConnected) return
    removeEventListener("pointerdown", pressedElsewhere, true)
    if (node.contains(document.activeElement)) back?.focus()
    node.remove()
  }
  const pressedElsewhere = ({ target }) => node.contains(target) || close()
  addEventListener("pointerdown", pressedElsewhere, true)
  node.addEventListener(
    "focusout",
    ({ relatedTarget }) => relatedTarget === null || node.contains(relatedTarget) || close(),
  )
  node.addEventListener("keydown", (event) => {
    if (event.key === "Escape" || event.key === "Tab") close()
    else walk(node, event)
  })
  parent.append(node)
  node.showPopover()
  const { offsetWidth: width, offsetHeight: height } = node
  const { left, right, bottom } = parent.getBoundingClientRect()
  node.style.left = `${Math.max(Math.min(at.x, right - width - margin), left + margin)}px`
  node.style.top = `${at.y + height + margin > Math.min(bottom, innerHeight) ? at.y - height : at.y}px`
  node.firstElementChild.focus()
}

const menuItem = ({ icon: name, text, label, act }, close) =>
  el(
    "button",
    {
      type: "button",
      role: "menuitem",
      tabIndex: -1,
      "aria-label": label ?? text,
      on: {
        click: () => {
          close()
          act()
        },
      },
    },
    name === undefined ? undefined : icon(name),
    text,
  )

const walk = (node, event) => {
  const all = [...node.children]
  const at = all.indexOf(document.activeElement)
  const to = {
    ArrowDown: at + 1,
    ArrowRight: at + 1,
    ArrowUp: at - 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: all.length - 1,
  }[event.key]
  if (to === undefined) return
  event.preventDefault()
  all.at(to % all.length)?.focus()
}
