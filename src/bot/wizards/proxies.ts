/**
 * All about proxies in a conversation: which buttons and texts are theirs, and what ends the
 * draft of somebody who turns to something else.
 */
import { Effect, Option } from "effect"
import type { Resource } from "../../domain/Catalogue.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { MessageRef } from "../../domain/Issuance.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import type { Action, ActionOf } from "../Callback.ts"
import { Wording } from "../Languages.ts"
import { ProxyDrafts } from "../ProxyDrafts.ts"
import { ProxyMessages } from "../ProxyMessages.ts"
import type { Press, Replies } from "../Replies.ts"
import { menuPage, sentence } from "../screens/parts.ts"
import type { Incoming } from "../Update.ts"
import * as ProxyAdd from "./proxyAdd.ts"
import { makeProxyText } from "./proxyAdd.ts"
import * as ProxyGet from "./proxyGet.ts"
type ProxyAction = ProxyAdd.AddAction | ProxyGet.GetAction | ProxyGroup
type ProxyGroup = ActionOf<"Group"> & { readonly group: "proxies" }

export const make = Effect.fnUntraced(function* (
  replies: Replies,
  stale: (press: Press) => Effect.Effect<void>,
) {
  const proxies = yield* Proxies
  const messages = yield* ProxyMessages
  const drafts = yield* ProxyDrafts
  const texts = yield* Wording
  const wizards = Option.isNone(proxies.resource)
    ? undefined
    : yield* wizardsFor(proxies.resource.value, replies, stale)

  const act = Effect.fn("proxies.act")(function* (press: Press, action: ProxyAction) {
    if (wizards === undefined) return yield* stale(press)
    if (action._tag === "Group") return yield* wizards.get.menu(press)
    return yield* isOfAdding(action)
      ? wizards.add.onTap(press, action)
      : wizards.get.onTap(press, action)
  })

  const end = (of: TelegramId, pressed?: MessageRef) =>
    wizards === undefined ? Effect.succeed(0) : wizards.add.end(of, pressed)

  /** Nobody loses lines without a word. */
  const tellDropped = (press: Press, lines: number) =>
    lines === 0 ? Effect.void : press.answer(texts.proxies.adding.endedDropping(lines))

  /** Before any button: `false` where the disk refuses to give up what it leaves. */
  const leave = Effect.fn("proxies.leave")(function* (press: Press, action: Action) {
    if (!isProxyAction(action) && action._tag !== "Noop") yield* messages.leave(press.message)
    if (!isAnotherWay(action)) return true
    return yield* end(press.userId, press.message).pipe(
      Effect.flatMap((lines) => tellDropped(press, lines)),
      Effect.as(true),
      Effect.catch(() => Effect.as(press.alert(texts.refusals.storageUnavailable), false)),
    )
  })

  /** Before a command that leads elsewhere: `false` as above. */
  const giveUp = Effect.fn("proxies.giveUp")(function* (of: TelegramId, chatId: number) {
    return yield* end(of).pipe(
      Effect.as(true),
      Effect.catch(() =>
        Effect.as(replies.say(chatId, sentence(texts.refusals.storageUnavailable)), false),
      ),
    )
  })

  /** `true`: the text was meant for the draft of its sender. */
  const onText = (text: Extract<Incoming, { readonly _tag: "Text" }>) =>
    wizards === undefined ? Effect.succeed(false) : wizards.text(text)

  /** `true`: lines were awaited, and something else came. */
  const onOther = Effect.fn("proxies.onOther")(function* (of: TelegramId, chatId: number) {
    const draft = yield* drafts.find(of)
    if (Option.isNone(draft) || draft.value.step !== "lines") return false
    yield* replies.say(chatId, sentence(texts.proxies.adding.notText))
    return true
  })

  return { act, leave, giveUp, onText, onOther }
})

const wizardsFor = Effect.fnUntraced(function* (
  resource: Resource,
  replies: Replies,
  stale: (press: Press) => Effect.Effect<void>,
) {
  const add = yield* ProxyAdd.make(resource, replies, stale)
  const text = yield* makeProxyText(replies, add.show)
  const get = yield* ProxyGet.make(resource, replies, stale)
  return { add, text, get }
})

export const isProxyAction = (action: Action): action is ProxyAction =>
  action._tag.startsWith("Proxy") || (action._tag === "Group" && action.group === "proxies")

const isOfAdding = (
  action: ProxyAdd.AddAction | ProxyGet.GetAction,
): action is ProxyAdd.AddAction => adding.has(action._tag)

const adding: ReadonlySet<Action["_tag"]> = new Set<ProxyAdd.AddAction["_tag"]>([
  "ProxyAdd",
  "ProxyType",
  "ProxyLines",
  "ProxyUsed",
  "ProxyCountries",
  "ProxyCountry",
  "ProxyDays",
])

/** Other flows, and the ways back to the menu. Marks, lists and help leave a draft alone. */
const isAnotherWay = (action: Action) =>
  otherWays.has(action._tag) || (action._tag === "Page" && action.screen === menuPage)

const otherWays: ReadonlySet<Action["_tag"]> = new Set<Action["_tag"]>([
  "Menu",
  "Cancel",
  "Group",
  "Resource",
  "Targets",
  "Regions",
  "Region",
  "Quantity",
  "Issue",
  "Again",
  "ProxyTargets",
  "ProxyStock",
  "ProxyList",
  "ProxyReserve",
])
