/** Rows that Google refuses, as the Flusher would find them. */
import { Context, Effect } from "effect"
import { TestClock } from "effect/testing"
import type { IssuanceId } from "../../../src/domain/Issuance.ts"
import { FailedRows, type RefusedRow } from "../../../src/pool/FailedRows.ts"
import * as Scene from "../Scene.ts"
import { anItem, anna } from "../Scene.ts"

/** 14:32 in Moscow. */
export const afternoon = Date.UTC(2026, 10, 22, 11, 32)
export const minute = 60_000

export const tooLong =
  "Invalid requests[1].appendCells: Your input contains more than the maximum of 50000 characters in a single cell."

export const refusedRow = (
  resource: string,
  id: IssuanceId,
  about: Partial<RefusedRow> = {},
): RefusedRow => ({
  resource,
  id,
  kind: "new",
  since: afternoon - 10 * minute,
  firstIn: 1,
  attempts: 5,
  beside: true,
  message: tooLong,
  nextAt: afternoon + 5 * minute,
  ...about,
})

export const secretItem = (resource: string, name: string) =>
  anItem(resource, name, {
    key: `login-of-${name}@example.com`,
    fields: { login: `login-of-${name}@example.com`, password: `secret-of-${name}` },
    extras: [{ header: "Заметка", text: `extra-of-${name}` }],
    origin: { tab: "ВКонтакте", header: [], cells: [{ value: `cell-of-${name}` }] },
  })

export const anySecret = /login-of|secret-of|extra-of|cell-of|@example/

/** Of Anna's two VK accounts the first cannot be written, nor can a correction of her Mamba. */
export const failing = Effect.fnUntraced(function* (options: Scene.SceneOptions = {}) {
  const scene = yield* Scene.make(options)
  yield* TestClock.setTime(afternoon)
  yield* scene.load("vk", ...["a", "b"].map((name) => secretItem("vk", name)))
  yield* scene.load("mamba", secretItem("mamba", "m"))
  yield* scene.fromMenu(anna, "VK", "495", "2", "1 ✅ Хороший", "2 ✅ Хороший")
  yield* scene.fromMenu(anna, "Mamba", "495", "1", "М", "✅ Хороший")
  const [man] = yield* scene.pools.buffer("mamba")
  const [first] = yield* scene.pools.buffer("vk")
  if (man?.mark == null || first === undefined) throw new Error("three were marked")
  yield* scene.pools.tell("mamba", { _tag: "Written", rows: [{ id: man.id, mark: man.mark }] })
  yield* TestClock.adjust("1 minute")
  const correct = { _tag: "Correct", id: man.id, status: "block", by: anna, admin: false } as const
  yield* scene.pools.ask("mamba", correct)
  const rows = Context.get(scene.context, FailedRows)
  yield* rows.update(() => [
    refusedRow("vk", first.id),
    refusedRow("mamba", man.id, { kind: "correction", since: afternoon, attempts: 6 }),
  ])
  return { ...scene, rows, account: first.id, man: man.id, refusedRow }
})

export type FailingScene = Effect.Success<ReturnType<typeof failing>>

/** What an admin could change of it. */
export const stateOf = (scene: FailingScene) =>
  Effect.all([
    scene.pools.stock("vk"),
    scene.pools.stock("mamba"),
    scene.pools.abandoned("vk"),
    scene.pools.abandoned("mamba"),
    scene.rows.refused,
  ])
