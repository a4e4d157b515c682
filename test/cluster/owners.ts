/** Who has which bot, as the calls to Telegram tell it, and what was said by somebody who had lost it. */
import type { Outside } from "./Outside.ts"

interface Takeover {
  readonly replica: number
  readonly at: number
}

/** What a replica said in a chat after another one had taken the bot over. */
export interface LateWord {
  readonly bot: string
  readonly replica: number
  readonly method: string
  /** After the other one began, or after this one could hear again, whichever was later. */
  readonly lateMs: number
}

/** What was on its way when the bot was taken over arrives within this time. */
export const graceMs = 3_000

export const makeOwners = ({ listen }: Pick<Outside, "listen">) => {
  const takeovers = new Map<string, Array<Takeover>>()
  const late: Array<LateWord> = []
  /** When each replica was last let go on, or connected again. */
  const heardAgainAt = new Map<number, number>()

  const last = (bot: string) => takeovers.get(bot)?.at(-1)

  listen(({ replica, bot, api, method, at }) => {
    if (api !== "telegram") return
    // Each program asks who it is before it does anything else, and never again.
    if (method === "getMe") {
      takeovers.set(bot, [...(takeovers.get(bot) ?? []), { replica, at }])
      return
    }
    const owner = last(bot)
    if (owner === undefined || owner.replica === replica || !/^(send|edit|delete)/.test(method)) {
      return
    }
    const since = Math.max(owner.at, heardAgainAt.get(replica) ?? 0)
    if (at > owner.at) late.push({ bot, replica, method, lateMs: Math.round(at - since) })
  })

  return {
    /** The replica that has the bot, so far as anybody can tell from outside. */
    ownerOf: (bot: string) => last(bot)?.replica,
    takeoversOf: (bot: string) => takeovers.get(bot)?.length ?? 0,
    noteHeardAgain: (replica: number) => {
      heardAgainAt.set(replica, performance.now())
    },
    late: late as ReadonlyArray<LateWord>,
  }
}

export type Owners = ReturnType<typeof makeOwners>
