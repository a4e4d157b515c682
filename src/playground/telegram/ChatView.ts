/** A chat as the person sees it on the screen. */
import { chatOf, type Entity, type Message, type State } from "./State.ts"
import { fileById } from "./Media.ts"

interface ViewButton {
  readonly text: string
  readonly data?: string
  readonly copyText?: string
  readonly url?: string
  readonly style?: "danger" | "success" | "primary"
}

interface ViewMessage {
  readonly messageId: number
  readonly from: "bot" | "user"
  /** Milliseconds since the epoch. */
  readonly sentAt: number
  readonly editedAt?: number
  /** The caption, where there is a file. */
  readonly text: string
  readonly entities?: ReadonlyArray<Entity>
  readonly keyboard: ReadonlyArray<ReadonlyArray<ViewButton>>
  readonly photo?: { readonly path: string; readonly width: number; readonly height: number }
  readonly document?: { readonly path: string; readonly name: string; readonly size: number }
  readonly replyTo?: number
}

/** Oldest first; deleted messages are gone. */
export type ChatView = ReadonlyArray<ViewMessage>

export const viewOf = (state: State, userId: number): ChatView =>
  chatOf(state, userId).messages.map((message) => ({
    messageId: message.messageId,
    from: message.from,
    sentAt: message.date * 1_000,
    ...(message.editDate === undefined ? {} : { editedAt: message.editDate * 1_000 }),
    text: message.text,
    ...(message.entities.length === 0 ? {} : { entities: message.entities }),
    keyboard: message.keyboard.map((row) => row.map(viewButton)),
    ...fileView(state, message),
    ...(message.replyTo === undefined ? {} : { replyTo: message.replyTo }),
  }))

const viewButton = (button: Message["keyboard"][number][number]): ViewButton => ({
  text: button.text,
  ...(button.callback_data === undefined ? {} : { data: button.callback_data }),
  ...(button.copy_text === undefined ? {} : { copyText: button.copy_text.text }),
  ...(button.url === undefined ? {} : { url: button.url }),
  ...(button.style === undefined ? {} : { style: button.style }),
})

const fileView = (state: State, message: Message) => {
  const file = fileById(state, message.file?.fileId)
  if (file === undefined) return {}
  const { path, width, height, name, size } = file
  return file.kind === "photo"
    ? { photo: { path, width, height } }
    : { document: { path, name, size } }
}
