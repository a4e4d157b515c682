/**
 * Telegram as small as a bot that is measured can do with: it hands out updates, takes every call,
 * and remembers the buttons that people see.
 *
 * The emulator of the demo knows all of Telegram's rules and spends about as much time on a call as
 * a bare bot does, which would make all bots look alike.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { setTimeout as delay } from "node:timers/promises"

export const token = "7900000001:bench-token-that-opens-nothing"

/** What the bot shows in a chat, by a new message or by an edit. */
export interface Shown {
  readonly chatId: number
  readonly messageId: number
  readonly text: string
  readonly buttons: ReadonlyArray<{ readonly text: string; readonly data: string }>
  /** When its request arrived, by performance.now(). */
  readonly at: number
}

/** Something that a person did. */
export interface Act {
  /** When the bot was given it; never, as long as it waits. */
  handedAt: number
  readonly update: { readonly update_id: number }
}

interface Waiting {
  readonly chatId: number
  readonly fits: (shown: Shown) => boolean
  readonly resolve: (shown: Shown) => void
}

interface Poll {
  readonly offset: number
  readonly response: ServerResponse
  /** Aborted when the poll is answered before its time is over. */
  readonly ended: AbortController
}

export class Telegram {
  readonly url: string
  /** How long Telegram takes for the answer to a call, in milliseconds. */
  answerAfter = 0
  private readonly server: Server
  private acts: ReadonlyArray<Act> = []
  private poll: Poll | undefined
  private waiting: ReadonlyArray<Waiting> = []
  private numbers = 0

  private constructor(server: Server) {
    this.server = server
    const address = server.address()
    this.url = `http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`
    server.on("request", (request, response) => void this.take(request, response))
  }

  static async start(): Promise<Telegram> {
    const server = createServer({ keepAliveTimeout: 60_000 })
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve)
    })
    return new Telegram(server)
  }

  stop() {
    this.server.closeAllConnections()
    this.server.close()
  }

  say(userId: number, text: string): Act {
    const entities = [{ type: "bot_command", offset: 0, length: text.length }]
    const message = this.message(userId, (this.numbers += 1))
    return this.push({ message: { ...message, text, ...(text.startsWith("/") && { entities }) } })
  }

  tap(shown: Shown, data: string): Act {
    const { chatId, messageId } = shown
    const message = this.message(chatId, messageId)
    const id = String((this.numbers += 1))
    return this.push({
      callback_query: { id, from: person(chatId), message, chat_instance: "1", data },
    })
  }

  /** The next thing that the bot shows in the chat and that fits. */
  next(chatId: number, fits: (shown: Shown) => boolean = () => true): Promise<Shown> {
    return new Promise((resolve) => {
      this.waiting = [...this.waiting, { chatId, fits, resolve }]
    })
  }

  private message(userId: number, messageId: number) {
    const chat = { id: userId, type: "private", first_name: `Person ${userId}` }
    return { message_id: messageId, date: 0, from: person(userId), chat }
  }

  private push(body: object): Act {
    const act: Act = {
      handedAt: Number.POSITIVE_INFINITY,
      update: { update_id: (this.numbers += 1), ...body },
    }
    this.acts = [...this.acts, act]
    // What people do in one moment is handed out together.
    setImmediate(() => {
      if (this.poll !== undefined) this.endPoll(this.poll)
    })
    return act
  }

  private async take(request: IncomingMessage, response: ServerResponse) {
    const at = performance.now()
    const method = request.url?.split("/").at(-1) ?? ""
    const body = await textOf(request)
    if (method === "getUpdates") return this.startPoll(response, fieldsOf(request, body))
    const answer = (result: unknown) => {
      void delay(this.answerAfter).then(() => reply(response, result))
    }
    if (method === "getMe") return answer({ id: 7_900_000_001, is_bot: true, ...named })
    if (!/^(send|edit)/.test(method)) return answer(true)
    const fields = fieldsOf(request, body)
    const messageId = Number(fields.message_id ?? (this.numbers += 1))
    const chatId = Number(fields.chat_id)
    answer({ message_id: messageId, date: 0, chat: { id: chatId, type: "private" } })
    // Nobody sees what Telegram has not taken yet, so nobody taps on it before that.
    if (this.answerAfter > 0) await delay(this.answerAfter)
    this.show({
      chatId,
      messageId,
      text: fields.text ?? fields.caption ?? method,
      buttons: buttonsOf(fields.reply_markup),
      at,
    })
  }

  private show(shown: Shown) {
    const isMeant = ({ chatId, fits }: Waiting) => chatId === shown.chatId && fits(shown)
    const meant = this.waiting.filter(isMeant)
    this.waiting = this.waiting.filter((each) => !isMeant(each))
    for (const { resolve } of meant) resolve(shown)
  }

  private startPoll(response: ServerResponse, fields: Fields) {
    const seconds = fields.timeout ?? 0
    const poll: Poll = {
      offset: fields.offset ?? 0,
      response,
      ended: new AbortController(),
    }
    void delay(seconds * 1_000, undefined, { signal: poll.ended.signal }).then(
      () => this.endPoll(poll),
      () => {},
    )
    this.acts = this.acts.filter(({ update }) => update.update_id >= poll.offset)
    this.poll = poll
    if (this.acts.length > 0) this.endPoll(poll)
  }

  private endPoll({ response, ended }: Poll) {
    ended.abort()
    this.poll = undefined
    const acts = this.acts.slice(0, 100)
    reply(
      response,
      acts.map(({ update }) => update),
    )
    const at = performance.now()
    for (const act of acts) act.handedAt = Math.min(act.handedAt, at)
  }
}

/** The parameters of a call, as far as they are looked at. */
interface Fields {
  readonly chat_id?: number | string
  readonly message_id?: number | string
  readonly text?: string
  readonly caption?: string
  readonly offset?: number
  readonly timeout?: number
  readonly reply_markup?: unknown
}

const named = { first_name: "Account Bot", username: "account_bench_bot" }

const person = (id: number) => ({ id, is_bot: false, first_name: `Person ${id}` })

const reply = (response: ServerResponse, result: unknown) => {
  response.setHeader("content-type", "application/json")
  response.end(JSON.stringify({ ok: true, result }))
}

const textOf = async (request: IncomingMessage) => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** Of a form only the fields that are plain text. */
const fieldsOf = (request: IncomingMessage, body: string): Fields => {
  if (request.headers["content-type"]?.startsWith("multipart/") !== true) {
    return body === "" ? {} : (JSON.parse(body) as Fields)
  }
  const parts = body.matchAll(/name="(\w+)"\r\n\r\n([^\r]*)\r\n/g)
  return Object.fromEntries([...parts].map(([, name = "", value]) => [name, value]))
}

const buttonsOf = (markup: unknown): Shown["buttons"] => {
  const keyboard = typeof markup === "string" ? (JSON.parse(markup) as unknown) : markup
  const { inline_keyboard = [] } = (keyboard ?? {}) as {
    readonly inline_keyboard?: ReadonlyArray<
      ReadonlyArray<{ readonly text: string; readonly callback_data?: string }>
    >
  }
  return inline_keyboard
    .flat()
    .flatMap(({ text, callback_data }) =>
      callback_data === undefined ? [] : [{ text, data: callback_data }],
    )
}
