/**
 * Rules of the reservation: one per proxy and per person, for a few minutes, and then exactly
 * one end. Whoever decides looks at the clock first, so that a timer which is late changes
 * nothing: at its last moment a reservation is over.
 */
import { Duration, HashMap, Result } from "effect"
import { clockStepMax } from "../config/Limits.ts"
import type { Release, Reservation } from "../domain/Proxy.ts"
import { ProxyUnavailable, ReservationOver } from "./ProxyContract.ts"
import type { Command, ProxyContext, ProxyEvents } from "./proxyDecision.ts"
import { endedOf, proxyOf, type ProxyState, runningOf, sameTargets } from "./proxyState.ts"

/** Also over where the clock was put back to long before it began: else it would last as much longer. */
export const isRunning = ({ at, until }: Pick<Reservation, "at" | "until">, now: number): boolean =>
  now < until && now >= at - Duration.toMillis(clockStepMax)

export const reserve = (
  state: ProxyState,
  command: Command<"Reserve">,
  { now: at, today, reservedForMs }: ProxyContext,
): Result.Result<ProxyEvents, ProxyUnavailable> => {
  const refuse = (reason: ProxyUnavailable["reason"]) =>
    Result.fail(new ProxyUnavailable({ proxy: command.proxy, reason }))
  const standing = runningOf(state, command.proxy)
  const holder = standing !== undefined && isRunning(standing, at) ? standing : undefined
  if (holder !== undefined && isRepeat(holder, command)) return Result.succeed([])
  const proxy = proxyOf(state, command.proxy)
  // What lasts is said first: nobody waits for what they could not have in any case.
  if (proxy === undefined || proxy.place === "gone") return refuse("gone")
  if (proxy.until < today) return refuse("ended")
  if (proxy.uses.some(({ target }) => command.targets.includes(target))) return refuse("used")
  if (holder !== undefined && holder.by !== command.by) return refuse("reserved")

  const { by, stage, message } = command
  const released = HashMap.toValues(state.running)
    .filter((other) => other.by === by || other.proxy === proxy.id)
    .map((other) => release(other, isRunning(other, at) ? "superseded" : "timedOut", at))
  const reservation: Reservation = {
    proxy: proxy.id,
    generation: proxy.generation + 1,
    targets: distinct(command.targets),
    by,
    stage,
    message,
    at,
    until: at + reservedForMs,
  }
  return Result.succeed([...released, { _tag: "ProxyReserved", reservation }])
}

/** Takes or cancels while there is time, else notes that there is none. */
export const end = (
  state: ProxyState,
  { _tag, proxy, generation, by }: Command<"Take" | "Cancel">,
  { now: at }: ProxyContext,
): ProxyEvents => {
  const reservation = runningOf(state, proxy)
  if (reservation?.generation !== generation || reservation.by !== by) return []
  if (!isRunning(reservation, at)) return [release(reservation, "timedOut", at)]
  return _tag === "Take"
    ? [{ _tag: "ProxyTaken", proxy, generation, at }]
    : [release(reservation, "cancelled", at)]
}

/** All that timed out, the first of them first. */
export const timedOut = (state: ProxyState, at: number): ProxyEvents =>
  HashMap.toValues(state.running)
    .filter((reservation) => !isRunning(reservation, at))
    .toSorted((a, b) => a.until - b.until)
    .map((reservation) => release(reservation, "timedOut", at))

/** What a Reserve came to, by the state right after it. */
export const reservedAs = (
  after: ProxyState,
  { proxy, by }: Command<"Reserve">,
): Result.Result<Reservation, ProxyUnavailable> => {
  const reservation = runningOf(after, proxy)
  return reservation?.by === by
    ? Result.succeed(reservation)
    : Result.fail(new ProxyUnavailable({ proxy, reason: "reserved" }))
}

/** What a Take or Cancel came to, by the state right after it: the only end there was. */
export const endedAs = (
  after: ProxyState,
  command: Command<"Take" | "Cancel">,
): Result.Result<Reservation, ReservationOver> => {
  const { proxy, generation, by, _tag } = command
  const refuse = (reason: ReservationOver["reason"]) =>
    Result.fail(new ReservationOver({ proxy, reason }))
  const ended = endedOf(after, command)
  const running = runningOf(after, proxy)
  const reservation =
    ended?.reservation ?? (running?.generation === generation ? running : undefined)
  if (reservation !== undefined && reservation.by !== by) return refuse("notHolder")
  if (ended === undefined) return refuse("unknown")
  const wanted = _tag === "Take" ? "taken" : "cancelled"
  return ended.end === wanted ? Result.succeed(ended.reservation) : refuse(ended.end)
}

/** The same wish on the same message. */
const isRepeat = (standing: Reservation, { by, message, targets }: Command<"Reserve">) =>
  standing.by === by &&
  standing.message.chatId === message.chatId &&
  standing.message.messageId === message.messageId &&
  sameTargets(standing.targets, targets)

const release = ({ proxy, generation }: Reservation, reason: Release, at: number) =>
  ({ _tag: "ProxyReleased", proxy, generation, reason, at }) as const

const distinct = ([first, ...others]: Reservation["targets"]): Reservation["targets"] => [
  first,
  ...new Set(others.filter((target) => target !== first)),
]
