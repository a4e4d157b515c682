/** What a message carries besides its text: a picture, a file, a sticker. */
import { el } from "../base/dom.js"
import { language, words } from "../base/language.js"
import { icon } from "./icons.js"

const text = words({
  ru: {
    picture: "Картинка",
    open: "Открыть картинку",
    close: "Закрыть",
    units: ["Б", "КБ", "МБ"],
    download: (name) => `Скачать ${name}`,
  },
  en: {
    picture: "Picture",
    open: "Open the picture",
    close: "Close",
    units: ["B", "KB", "MB"],
    download: (name) => `Download ${name}`,
  },
})

const address = (path) => `/sim/files/${path.split("/").map(encodeURIComponent).join("/")}`

const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
export const sizeText = (bytes) => {
  const power = bytes < 1_024 ? 0 : bytes < 1_024 ** 2 ? 1 : 2
  return `${number.format(bytes / 1_024 ** power)} ${text.units[power]}`
}

export const photoButton = ({ path, width, height }, caption, open) => {
  const alt = caption === "" ? text.picture : caption
  const picture = el("img", { src: address(path), alt, width, height })
  return el(
    "button",
    {
      type: "button",
      className: "photo",
      "aria-label": text.open,
      on: { click: () => open({ src: picture.src, alt }) },
    },
    picture,
  )
}

export const fileLink = ({ path, name, size }) =>
  el(
    "a",
    { className: "file", href: address(path), download: name, "aria-label": text.download(name) },
    el("span", { className: "file-icon" }, icon("download")),
    el(
      "span",
      { className: "file-words" },
      el("b", {}, name),
      el("span", { className: "faint" }, sizeText(size)),
    ),
  )

/** Shows a picture as large as the window allows. Esc or a click closes it. */
export const openPicture = (parent, { src, alt }) => {
  const dialog = el(
    "dialog",
    { className: "viewer", "aria-label": alt, on: { click: () => dialog.close() } },
    el("img", { src, alt }),
    el(
      "button",
      { type: "button", className: "round", title: text.close, "aria-label": text.close },
      icon("close"),
    ),
  )
  dialog.addEventListener("close", () => dialog.remove())
  parent.append(dialog)
  dialog.showModal()
}
