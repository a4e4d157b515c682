/** Proxies for tests: obviously of nobody, added by hand or through the conversation. */
import { Effect } from "effect"
import { Day } from "../../src/domain/Day.ts"
import { CountryCode, type Endpoint, type ProxyType } from "../../src/domain/Proxy.ts"
import * as Scene from "./Scene.ts"
import { chief } from "./Scene.ts"

type Scene = Effect.Success<ReturnType<typeof Scene.make>>

/** 11:22 in UTC, 14:22 in Moscow. */
export const afternoon = Date.UTC(2026, 10, 22, 11, 22)

export const endpoint = (last: number, more: Partial<Endpoint> = {}): Endpoint => ({
  host: `192.0.2.${last}`,
  port: 8080,
  user: `user-${last}`,
  password: `secret-${last}`,
  ...more,
})

export const line = (last: number) => `192.0.2.${last}:8080:user-${last}:secret-${last}`

export interface Addition {
  readonly count?: number
  readonly from?: number
  readonly type?: ProxyType
  readonly country?: string
  readonly until?: string
  readonly targets?: ReadonlyArray<string>
}

let additions = 0

/** Adds some past the conversation. */
export const add = (
  scene: Scene,
  {
    count = 1,
    from = 1,
    type = "http",
    country = "DE",
    until = "2026-12-02",
    targets = [],
  }: Addition = {},
) =>
  Effect.suspend(() => {
    additions += 1
    return scene.proxies.add({
      _tag: "Add",
      message: { chatId: 7, messageId: additions },
      type,
      endpoints: Array.from({ length: count }, (_, index) => endpoint(from + index)),
      country: CountryCode.make(country),
      until: Day.make(until),
      targets,
      by: chief,
    })
  })
