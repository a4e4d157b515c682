/**
 * Every private chat of one bot, without HTTP: the bot's side of it and the people's.
 *
 * The state is one immutable value. Each change is decided by a pure rule, saved in the world,
 * and only then seen by anyone.
 */
import {
  Clock,
  Context,
  Deferred,
  Duration,
  Effect,
  Layer,
  Option,
  Ref,
  Result,
  Schema,
  SynchronizedRef,
} from "effect"
import { World } from "../World.ts"
import * as Args from "./Args.ts"
import { type CallbackView, callbackView } from "./Callbacks.ts"
import { commandsFor } from "./CommandMenu.ts"
import { fileById, type FileContent, fileContent } from "./Media.ts"
import type { BadAct, Decision, Moment } from "./Method.ts"
import { methodNamed } from "./Methods.ts"
import * as Person from "./Person.ts"
import type { NewUser, Sending, Tap } from "./Person.ts"
import { methodNotFound, TelegramRefusal } from "./Refusal.ts"
import {
  type BotCommand,
  type BotSettings,
  type BotUser,
  chatOf,
  clearedState,
  emptyState,
  type Entity,
  type Message,
  type Pending,
  type SimUser,
  TelegramState,
  type Webhook,
} from "./TelegramState.ts"
import { confirmed, untaken, type Update, updateJson, withAllowedUpdates } from "./Updates.ts"
import { withWebhookError } from "./Webhooks.ts"

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
  readonly sticker?: { readonly emoji: string }
  /** The name of whoever wrote it. */
  readonly forwardedFrom?: string
  readonly replyTo?: number
  /** The bot has not taken it yet: the app shows one tick. */
  readonly pending?: true
}

/** Oldest first; deleted messages are gone. */
export type ChatView = ReadonlyArray<ViewMessage>

interface Options {
  readonly bot: BotUser
  /** How long the app of a person waits for the answer to a tap. */
  readonly callbackLife: Duration.Input
}

export class Chats extends Context.Service<
  Chats,
  {
    /** Calls any method of the Bot API but getUpdates. Files are `Upload`s among the parameters. */
    call(method: string, params: unknown): Effect.Effect<unknown, TelegramRefusal>
    /** Waits up to `timeout` seconds for an update; an update is given until it is confirmed. */
    getUpdates(params: unknown): Effect.Effect<ReadonlyArray<Update>, TelegramRefusal>
    /** Adds a person, or renames him. Until he writes, the bot may not write to him. */
    addUser(user: NewUser): Effect.Effect<SimUser>
    say(
      userId: number,
      text: string,
    ): Effect.Effect<{ readonly updateId: number; readonly messageId: number }, BadAct>
    /** As `say`, with everything that people send. */
    send(
      sending: Sending,
    ): Effect.Effect<{ readonly updateId: number; readonly messageId: number }, BadAct>
    /** Changes what the person wrote. */
    edit(edit: {
      readonly userId: number
      readonly messageId: number
      readonly text: string
    }): Effect.Effect<{ readonly updateId: number }, BadAct>
    tap(
      act: Tap,
    ): Effect.Effect<{ readonly updateId: number; readonly callbackQueryId: string }, BadAct>
    block(userId: number, blocked: boolean): Effect.Effect<void, BadAct>
    /** What the owner of the bot sets in @BotFather. */
    setBot(settings: BotSettings): Effect.Effect<void>
    chat(userId: number): Effect.Effect<ChatView>
    readonly users: Effect.Effect<ReadonlyArray<SimUser>>
    callback(id: string): Effect.Effect<Option.Option<CallbackView>>
    /** The command menu this person sees. */
    commands(userId: number): Effect.Effect<ReadonlyArray<BotCommand>>
    /** A file by the path that getFile gives. */
    file(path: string): Effect.Effect<Option.Option<FileContent>>
    /** The webhook and the updates that wait for it; none when there is no webhook. */
    readonly outbox: Effect.Effect<
      Option.Option<{ readonly webhook: Webhook; readonly updates: ReadonlyArray<Pending> }>
    >
    /** The webhook took this update. */
    delivered(updateId: number): Effect.Effect<void>
    /** The webhook did not take an update. */
    deliveryFailed(reason: string): Effect.Effect<void>
    /** Grows with each change. */
    readonly version: Effect.Effect<number>
    /** The version, as soon as it is greater than the one seen. */
    awaitChange(seen: number): Effect.Effect<number>
    /** Forgets everything but the numbers that must never repeat. */
    readonly clear: Effect.Effect<void>
  }
>()("account-bot/playground/telegram/Chats") {
  static readonly layerWith = (options: Options) =>
    // Suspended: `make` stands below, and this runs while the class is being defined.
    Layer.effect(
      Chats,
      Effect.suspend(() => make(options)),
    )

  static readonly layer = Chats.layerWith({
    bot: { id: 7_900_000_001, firstName: "Account Bot", username: "account_demo_bot" },
    callbackLife: "15 seconds",
  })
}

const make = Effect.fnUntraced(function* ({ bot, callbackLife }: Options) {
  const world = yield* World
  const saved = yield* world.load("telegram")
  const initial = Option.isSome(saved) ? yield* Effect.orDie(decodeState(saved.value)) : emptyState
  const ref = yield* SynchronizedRef.make(initial)
  const state = SynchronizedRef.get(ref)
  const seat = yield* makeSeat
  const changed = yield* Ref.make(yield* Deferred.make<void>())
  const callbackLifeMs = Duration.toMillis(callbackLife)

  const announce = Effect.fnUntraced(function* (before: TelegramState, after: TelegramState) {
    const next = yield* Deferred.make<void>()
    yield* Deferred.succeed(yield* Ref.getAndSet(changed, next), undefined)
    if (after.webhook !== undefined && before.webhook?.url !== after.webhook.url) {
      yield* seat.yieldToWebhook
    }
    if (after.lastUpdateId !== before.lastUpdateId) yield* seat.wake
  })

  // Uninterruptible, so that memory and the saved world never part.
  const commit = <A, E>(decide: (moment: Moment) => Effect.Effect<Decision<A>, E>) =>
    Effect.uninterruptible(
      SynchronizedRef.modifyEffect(ref, (before) =>
        Effect.gen(function* () {
          const now = yield* Clock.currentTimeMillis
          const decision = yield* decide({ state: before, now, bot })
          if (decision.state === before) {
            return [{ ...decision, before, after: before }, before] as const
          }
          const after = { ...decision.state, version: before.version + 1 }
          yield* world.save("telegram", after)
          return [{ ...decision, before, after }, after] as const
        }),
      ).pipe(
        Effect.tap(({ before, after }) =>
          before === after ? Effect.void : announce(before, after),
        ),
        Effect.map(({ result }) => result),
      ),
    )
  const change = <A, E>(rule: (moment: Moment) => Result.Result<Decision<A>, E>) =>
    commit((moment) => Effect.fromResult(rule(moment)))
  const update = (rule: (moment: Moment) => TelegramState) =>
    change((moment) => Result.succeed({ state: rule(moment), result: undefined }))

  const call = Effect.fn("Chats.call")(function* (name: string, params: unknown) {
    const known = methodNamed(name)
    if (known === undefined) return yield* methodNotFound
    const args = Args.decodeArgs(params)
    return yield* change((moment) => known.method({ ...moment, args }))
  })

  const send = Effect.fn("Chats.send")((sending: Sending) =>
    change((moment) => separate(Person.send(moment, sending))),
  )

  const awaitChange = Effect.fn("Chats.awaitChange")(function* (seen: number) {
    while (true) {
      const next = yield* Ref.get(changed)
      const { version } = yield* state
      if (version > seen) return version
      yield* Deferred.await(next)
    }
  })

  return Chats.of({
    call,
    getUpdates: longPoll(seat, commit),
    awaitChange,
    addUser: Effect.fn("Chats.addUser")((user: NewUser) =>
      change((moment) => Person.add(moment, user)),
    ),
    say: (userId, text) => send({ userId, text }),
    send,
    edit: Effect.fn("Chats.edit")((edit: Parameters<typeof Person.edit>[1]) =>
      change((moment) => separate(Person.edit(moment, edit))),
    ),
    tap: Effect.fn("Chats.tap")((act: Tap) =>
      change((moment) => separate(Person.tap(moment, act, callbackLifeMs))),
    ),
    block: Effect.fn("Chats.block")((userId: number, blocked: boolean) =>
      change((moment) =>
        Result.map(Person.block(moment, userId, blocked), (after) => ({
          state: after,
          result: undefined,
        })),
      ),
    ),
    setBot: (settings) =>
      update(({ state: before }) => ({
        ...before,
        botSettings: { ...before.botSettings, ...settings },
      })),
    chat: (userId) => Effect.map(state, (now) => viewOf(now, userId)),
    users: Effect.map(state, ({ users }) => Object.values(users)),
    callback: (id) => Effect.map(state, (now) => callbackView(now, id)),
    commands: (userId) =>
      Effect.map(state, (now) => {
        const user = now.users[userId]
        return user === undefined ? [] : commandsFor(now, user)
      }),
    file: (path) => Effect.map(state, (now) => fileContent(now, path)),
    outbox: Effect.map(state, ({ webhook, pending }) =>
      webhook === undefined ? Option.none() : Option.some({ webhook, updates: pending }),
    ),
    delivered: (updateId) =>
      update(({ state: before }) => ({
        ...before,
        pending: before.pending.filter((waiting) => waiting.updateId !== updateId),
      })),
    deliveryFailed: (reason) =>
      update(({ state: before, now }) => withWebhookError(before, now, reason)),
    version: Effect.map(state, ({ version }) => version),
    clear: update(({ state: before }) => clearedState(before)),
  })
})

/** Done when there is something to get; fails when the poll lost its place. */
type Ticket = Deferred.Deferred<void, TelegramRefusal>

interface Seat {
  /** Takes the place; a poll that held it fails with a conflict. */
  readonly take: Effect.Effect<Ticket>
  /** Tells the held poll that there are updates. */
  readonly wake: Effect.Effect<void>
  /** Ends the held poll, because a webhook was set. */
  readonly yieldToWebhook: Effect.Effect<void>
}

/** The place of the one poll that Telegram holds for a bot; a newer poll takes it, the older fails. */
const makeSeat: Effect.Effect<Seat> = Effect.gen(function* () {
  const held = yield* Ref.make(Option.none<Ticket>())
  const end = (outcome: Effect.Effect<void, TelegramRefusal>) =>
    Effect.flatMap(Ref.getAndSet(held, Option.none()), (ticket) =>
      Option.isSome(ticket) ? Deferred.complete(ticket.value, outcome) : Effect.void,
    )
  return {
    take: Effect.gen(function* () {
      yield* end(Effect.fail(conflict(otherPoll)))
      const ticket = yield* Deferred.make<void, TelegramRefusal>()
      yield* Ref.set(held, Option.some(ticket))
      return ticket
    }),
    wake: end(Effect.void),
    yieldToWebhook: end(Effect.fail(conflict("terminated by setWebhook request"))),
  }
})

interface Polled {
  readonly updates: ReadonlyArray<Update>
  /** What to wait for, when the poll is held. */
  readonly ticket?: Ticket
}

type Commit = (
  decide: (moment: Moment) => Effect.Effect<Decision<Polled>, TelegramRefusal>,
) => Effect.Effect<Polled, TelegramRefusal>

/**
 * `getUpdates` answers at once when there is something to get, and is held when there is not. It
 * takes the place inside the commit, so that every update either comes before it or wakes it.
 */
const longPoll = (seat: Seat, commit: Commit) => {
  const poll = (args: Args.Args, offset: number, deadline: number) =>
    commit(
      Effect.fnUntraced(function* ({ state: before, now }) {
        if (before.webhook !== undefined) return yield* conflict(webhookActive)
        const limit = Math.min(Math.max(Args.whole(args, "limit", 100), 1), 100)
        const state = confirmed(withAllowedUpdates(before, args), offset, now)
        const updates = state.pending.slice(0, limit).map(updateJson)
        if (updates.length > 0 || now >= deadline) return { state, result: { updates } }
        return { state, result: { updates, ticket: yield* seat.take } }
      }),
    )

  return Effect.fn("Chats.getUpdates")(function* (params: unknown) {
    const args = Args.decodeArgs(params)
    const timeout = Math.min(Math.max(Args.whole(args, "timeout"), 0), 50)
    const deadline = (yield* Clock.currentTimeMillis) + timeout * 1_000
    let offset = Args.whole(args, "offset")
    while (true) {
      const { updates, ticket } = yield* poll(args, offset, deadline)
      if (ticket === undefined) return updates
      const left = Duration.millis(deadline - (yield* Clock.currentTimeMillis))
      yield* Deferred.await(ticket).pipe(Effect.timeoutOption(left), Effect.interruptible)
      // A negative offset drops all but the newest, which must not happen to what came since.
      offset = Math.max(offset, 0)
    }
  })
}

const webhookActive =
  "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"

const otherPoll =
  "terminated by other getUpdates request; make sure that only one bot instance is running"

const conflict = (reason: string) =>
  new TelegramRefusal({ code: 409, description: `Conflict: ${reason}` })

/** The chat as the person sees it on the screen. */
const viewOf = (state: TelegramState, userId: number): ChatView => {
  const waiting = untaken(state, userId)
  return chatOf(state, userId).messages.map((message) => ({
    messageId: message.messageId,
    from: message.from,
    sentAt: message.date * 1_000,
    ...(message.editDate === undefined ? {} : { editedAt: message.editDate * 1_000 }),
    text: message.text,
    ...(message.entities.length === 0 ? {} : { entities: message.entities }),
    keyboard: message.keyboard.map((row) => row.map(viewButton)),
    ...fileView(state, message),
    ...(message.sticker === undefined ? {} : { sticker: { emoji: message.sticker } }),
    ...(message.forwarded === undefined ? {} : { forwardedFrom: message.forwarded.name }),
    ...(message.replyTo === undefined ? {} : { replyTo: message.replyTo }),
    ...(waiting.has(message.messageId) ? { pending: true } : {}),
  }))
}

const viewButton = (button: Message["keyboard"][number][number]): ViewButton => ({
  text: button.text,
  ...(button.callback_data === undefined ? {} : { data: button.callback_data }),
  ...(button.copy_text === undefined ? {} : { copyText: button.copy_text.text }),
  ...(button.url === undefined ? {} : { url: button.url }),
  ...(button.style === undefined ? {} : { style: button.style }),
})

const fileView = (state: TelegramState, message: Message) => {
  const file = fileById(state, message.file?.fileId)
  if (file === undefined) return {}
  const { path, width, height, name, size } = file
  return file.kind === "photo"
    ? { photo: { path, width, height } }
    : { document: { path, name, size } }
}

const decodeState = Schema.decodeUnknownEffect(TelegramState)

/** Parts the state from the rest of what a rule gives. */
const separate = <A extends { readonly state: TelegramState }, E>(done: Result.Result<A, E>) =>
  Result.map(done, ({ state, ...result }) => ({ state, result }))
