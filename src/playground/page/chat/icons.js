/** The drawings of the chat, each on a square of 24 by 24. They take the colour of the text. */
const lines = {
  close: "M6 6l12 12M18 6L6 18",
  menu: "M4 7h16M4 12h16M4 17h16",
  clip: "M20.5 11.5l-8.6 8.6a5.4 5.4 0 0 1-7.6-7.6l8.9-8.9a3.6 3.6 0 0 1 5.1 5.1l-8.8 8.8a1.8 1.8 0 0 1-2.6-2.6l8-8",
  reply: "M10 5L3.5 11.5 10 18M4 11.5h9.5c4 0 7 2.6 7 7",
  forward: "M14 5l6.5 6.5L14 18M20 11.5h-9.5c-4 0-7 2.6-7 7",
  edit: "M4.5 19.5l1-4.5L16 4.5l3.5 3.5L9 18.5zM13.5 7l3.5 3.5",
  copy: "M9 9h10.5v10.5H9zM5.5 15h-1V4.5H15v1",
  link: "M8 16L17 7M9.5 6.5H17.5V14.5",
  down: "M5 9l7 7 7-7",
  picture: "M4 5h16v14H4zM4 16l4.5-4.5 4 4 3-3L20 17M15.5 9.2v.1",
  file: "M6 3.5h8l4.5 4.5v12.5H6zM13.5 4v4.5H18",
  sticker:
    "M12 3.5a8.5 8.5 0 1 0 8.5 8.5M12 3.5c0 4.5 4 8.5 8.5 8.5M12 3.5l8.5 8.5M8.5 13.5c.8 1.6 2 2.3 3.5 2.3s2.7-.7 3.5-2.3",
  block: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM6 6l12 12",
  check: "M5 12.5l4.5 4.5L19 7.5",
  download: "M12 4v11M6.5 11l5.5 5.5 5.5-5.5M6 20h12",
  bot: "M5 10.5a2.5 2.5 0 0 1 2.5-2.5h9a2.5 2.5 0 0 1 2.5 2.5v6a2.5 2.5 0 0 1-2.5 2.5h-9A2.5 2.5 0 0 1 5 16.5zM12 8V4.5M9.5 12.5v1.5M14.5 12.5v1.5M2.8 12.5v3M21.2 12.5v3",
}
const filled = {
  send: "M3.3 20.5L21.5 12 3.3 3.5 3 10.3 15.5 12 3 13.7z",
  star: "M12 3l2.7 5.7 6.3.8-4.6 4.3 1.2 6.2L12 17l-5.6 3 1.2-6.2L3 9.5l6.3-.8z",
}

const space = "http://www.w3.org/2000/svg"

/** A drawing is never read aloud: what it stands on has a name. */
export const icon = (name) =>
  name in filled
    ? drawing(24, 24, filled[name], "icon filled")
    : drawing(24, 24, lines[name], "icon")

/** One tick, and a second one behind it that a style may hide. */
export const ticks = () => {
  const node = drawing(18, 12, "M1 6.5l3.5 3.5L11.5 2", "ticks")
  const second = node.firstChild.cloneNode()
  second.setAttribute("d", "M7.5 9.2l.8.8L15.5 2")
  second.setAttribute("class", "second")
  node.append(second)
  return node
}

const drawing = (width, height, shape, className) => {
  const node = document.createElementNS(space, "svg")
  node.setAttribute("viewBox", `0 0 ${width} ${height}`)
  node.setAttribute("class", className)
  node.setAttribute("aria-hidden", "true")
  const path = document.createElementNS(space, "path")
  path.setAttribute("d", shape)
  node.append(path)
  return node
}
