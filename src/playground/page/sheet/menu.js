/** A menu that opens at a place, for the mouse, the keyboard and the finger. */
import { el } from "../base/dom.js"

let close = () => undefined

/**
 * `items` are `{ label, keys?, act, disabled?, checked? }`, or `undefined` for a line between.
 * `at` is a point or an element. Closing gives the focus back.
 */
export const openMenu = (items, at, { label, back }) => {
  close()
  const menu = el("div", { className: "sheet-menu", role: "menu", "aria-label": label })
  menu.append(...items.map((item) => (item === undefined ? el("hr") : itemButton(item))))
  document.body.append(menu)
  putAt(menu, at)
  const all = [...menu.querySelectorAll("button:not(:disabled)")]
  all[0]?.focus()

  close = (refocus = true) => {
    close = () => undefined
    removeEventListener("pointerdown", outside, true)
    removeEventListener("resize", leave)
    menu.remove()
    if (refocus) back()
  }
  const leave = () => close(false)
  const outside = ({ target }) => menu.contains(target) || close(false)
  addEventListener("pointerdown", outside, true)
  addEventListener("resize", leave)
  menu.addEventListener("contextmenu", (event) => event.preventDefault())
  menu.addEventListener("keydown", (event) => walk(event, all))
}

const itemButton = ({ label, keys, act, disabled = false, checked }) => {
  const button = el(
    "button",
    {
      type: "button",
      role: checked === undefined ? "menuitem" : "menuitemcheckbox",
      tabIndex: -1,
      disabled,
      on: {
        click: () => {
          close()
          act()
        },
      },
    },
    el("span", {}, label),
    keys === undefined ? undefined : el("kbd", {}, keys),
  )
  if (checked !== undefined) button.setAttribute("aria-checked", String(checked))
  return button
}

const walk = (event, all) => {
  const at = all.indexOf(document.activeElement)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault()
    event.stopPropagation()
    return close()
  }
  if (to === undefined) return
  event.preventDefault()
  all.at(to % all.length)?.focus()
}

/** Puts a floating node at a point or below an element, all of it within the window. */
export const putAt = (node, at) => {
  const box = at instanceof Element ? at.getBoundingClientRect() : undefined
  const { x, y } = box === undefined ? at : { x: box.left, y: box.bottom + 2 }
  const { width, height } = node.getBoundingClientRect()
  node.style.left = `${Math.max(4, Math.min(x, innerWidth - width - 4))}px`
  node.style.top = `${Math.max(4, Math.min(y, innerHeight - height - 4))}px`
}
