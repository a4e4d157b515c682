/** What a person sends besides text: a picture, a file, a sticker, what somebody else wrote. */
import { el } from "../base/dom.js"
import { words } from "../base/language.js"
import { sizeText } from "./attachments.js"
import { icon } from "./icons.js"
import { openMenu } from "./menu.js"
import { samplePicture } from "./samplePicture.js"

const text = words({
  ru: {
    attach: "Прикрепить",
    file: "Картинка или файл",
    sample: "Готовая картинка",
    sticker: "Стикер",
    others: "Переслать чужое сообщение",
    sendPhoto: "Отправить картинку",
    sendFile: "Отправить файл",
    caption: "Подпись",
    from: "Кто его написал",
    someone: "Пётр",
    message: "Сообщение",
    cancel: "Отмена",
    send: "Отправить",
    tooLarge: "Файл слишком большой: площадка берёт до 8 МБ",
    preview: "Картинка, которая будет отправлена",
  },
  en: {
    attach: "Attach",
    file: "Picture or file",
    sample: "A sample picture",
    sticker: "Sticker",
    others: "Forward what somebody else wrote",
    sendPhoto: "Send a picture",
    sendFile: "Send a file",
    caption: "Caption",
    from: "Who wrote it",
    someone: "Peter",
    message: "Message",
    cancel: "Cancel",
    send: "Send",
    tooLarge: "The file is too large: the playground takes up to 8 MB",
    preview: "The picture that will be sent",
  },
})

const stickers = [..."👍🎉🔥🙏😎🤔😂😢😡👀🚀🤝🥳💯✅💪"]
const largestBytes = 8 * 1_024 ** 2
/** What Telegram takes as a photo as it is; another picture becomes a PNG first. */
const photoTypes = ["image/png", "image/jpeg"]

/** `send(message)` sends what the control API calls a message, `notify(text)` tells a trouble. */
export const makeAttach = (section, { send, notify }) => {
  const picker = el("input", {
    type: "file",
    hidden: true,
    "aria-label": text.file,
    on: {
      change: () => {
        const [file] = picker.files
        picker.value = ""
        if (file !== undefined) take(file)
      },
    },
  })
  const button = el(
    "button",
    {
      type: "button",
      className: "round attach",
      title: text.attach,
      "aria-label": text.attach,
      "aria-haspopup": "menu",
      on: { click: () => open() },
    },
    icon("clip"),
  )

  const open = () =>
    openMenu({
      parent: section,
      at: corner(button),
      label: text.attach,
      items: [
        { icon: "picture", text: text.sample, act: () => offerSample() },
        { icon: "file", text: text.file, act: () => picker.click() },
        { icon: "sticker", text: text.sticker, act: () => offerStickers() },
        { icon: "forward", text: text.others, act: () => offerForward() },
      ],
    })

  const offerStickers = () =>
    openMenu({
      parent: section,
      at: corner(button),
      label: text.sticker,
      className: "stickers",
      items: stickers.map((emoji) => ({ text: emoji, act: () => send({ sticker: emoji }) })),
    })

  const offerSample = async () => offerPhoto(samplePicture())

  /** Takes a file that was picked, pasted or dropped. */
  const take = async (file) => {
    if (file.size > largestBytes) return notify(text.tooLarge)
    const picture = file.type.startsWith("image/")
      ? await createImageBitmap(file).catch(() => undefined)
      : undefined
    if (picture === undefined) offerFile(file)
    else offerPhoto(drawn(picture), photoTypes.includes(file.type) ? file : undefined)
  }

  const offerPhoto = async (canvas, original) => {
    canvas.setAttribute("role", "img")
    canvas.setAttribute("aria-label", text.preview)
    const blob = original ?? (await new Promise((resolve) => canvas.toBlob(resolve, "image/png")))
    askCaption(text.sendPhoto, canvas, async (caption) => {
      send({ photo: await base64Of(blob), ...caption })
    })
  }

  const offerFile = (file) => {
    const row = el(
      "div",
      { className: "file" },
      el("span", { className: "file-icon" }, icon("file")),
      el(
        "span",
        { className: "file-words" },
        el("b", {}, file.name),
        el("span", { className: "faint" }, sizeText(file.size)),
      ),
    )
    askCaption(text.sendFile, row, async (caption) => {
      send({ document: { name: file.name, base64: await base64Of(file) }, ...caption })
    })
  }

  const askCaption = (title, shown, submit) =>
    ask(section, title, [shown, field("caption", text.caption)], ({ caption }) =>
      submit(caption.trim() === "" ? {} : { text: caption }),
    )

  const offerForward = () =>
    ask(
      section,
      text.others,
      [
        field("from", text.from, { required: true, value: text.someone, maxLength: 64 }),
        field("message", text.message, { required: true }),
      ],
      ({ from, message }) => send({ text: message, forwarded: { from } }),
    )

  return { button, picker, take }
}

const corner = (node) => {
  const { left, top } = node.getBoundingClientRect()
  return { x: left, y: top - 4 }
}

const field = (name, label, props = {}) =>
  el("label", {}, label, el("input", { name, autocomplete: "off", ...props }))

/** Asks in a dialog; `submit` gets what was written into its fields, by name. */
const ask = (parent, title, content, submit) => {
  const form = el(
    "form",
    {
      method: "dialog",
      on: { submit: () => submit(Object.fromEntries(new FormData(form))) },
    },
    el("h2", {}, title),
    ...content,
    el(
      "menu",
      {},
      el(
        "button",
        { type: "button", className: "plain", on: { click: () => dialog.close() } },
        text.cancel,
      ),
      el("button", { type: "submit", className: "plain" }, text.send),
    ),
  )
  const dialog = el("dialog", { className: "asks", "aria-label": title }, form)
  dialog.addEventListener("close", () => dialog.remove())
  parent.append(dialog)
  dialog.showModal()
  form.querySelector("input:last-of-type")?.focus()
}

const drawn = (picture) => {
  const canvas = el("canvas", { width: picture.width, height: picture.height })
  canvas.getContext("2d").drawImage(picture, 0, 0)
  return canvas
}

const base64Of = (blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener("load", () => resolve(reader.result.split(",")[1]))
    reader.addEventListener("error", () => reject(reader.error))
    reader.readAsDataURL(blob)
  })
