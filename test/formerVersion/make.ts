/**
 * Makes the fixture of this version: `node test/formerVersion/make.ts`, once, when it is released.
 *
 * See test/fixtures/README.md.
 */
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { type Action, decodeAction, encodeAction } from "../../src/bot/buttons.ts"
import { version } from "../../src/config/Settings.ts"
import { PoolEvent } from "../../src/domain/PoolEvent.ts"
import { ProxyEvent } from "../../src/domain/ProxyEvent.ts"
import { Demo } from "../e2e/Demo.ts"
import { exampleActions } from "./buttons.ts"
import { factsOf } from "./facts.ts"
import { compact, copyData, fixtures, rawEvents, startAt, timeOf } from "./fixture.ts"
import { buttonsIn } from "./presses.ts"
import { people, walk } from "./walk.ts"

/** A Monday morning in Moscow, half an hour before the digest. */
const monday = Date.UTC(2026, 10, 23, 5, 30)

const target = Path.join(fixtures, version)
if (Fs.existsSync(target)) throw new Error(`${target} is there: a released version has one fixture`)

const play = async (demo: Demo) => {
  await startAt(demo, monday)
  await walk(demo)
  const chats = await Promise.all(people.map((id) => demo.chat(id)))
  return { at: await timeOf(demo), shown: chats.flatMap(buttonsIn) }
}

const demo = Demo.process()
// In the middle of its work: what is half done is what the next version has to finish.
const { at, shown } = await play(demo).finally(() => demo.stop("SIGKILL"))
compact(demo.file("."))
const seen = new Set(rawEvents(demo.file(".")).map(({ tag }) => tag))
const missing = Object.keys({ ...PoolEvent.cases, ...ProxyEvent.cases }).filter(
  (tag) => !seen.has(tag),
)
if (missing.length > 0) throw new Error(`the walk has no ${missing.join(", ")}: ${demo.directory}`)

Fs.mkdirSync(target, { recursive: true })
Fs.cpSync(demo.file("."), Path.join(target, "data"), { recursive: true })
Fs.rmSync(demo.directory, { recursive: true })

// The files stay as the program wrote them.
Fs.writeFileSync(Path.join(target, ".oxfmtrc.json"), '{ "ignorePatterns": ["**"] }\n')

const sent = shown.flatMap(({ data }) => Option.toArray(decodeAction(data)))
const buttons = new Map<string, Action>(
  [...exampleActions(), ...sent].map((action) => [encodeAction(action), action]),
)
const lines = [...buttons].map(([data, action]) => JSON.stringify({ data, action }))
Fs.writeFileSync(Path.join(target, "buttons.json"), `[\n${lines.join(",\n")}\n]\n`)

const copy = Fs.mkdtempSync(Path.join(Os.tmpdir(), "account-bot-fixture-"))
copyData(version, copy)
const facts = await Effect.runPromise(Effect.provide(factsOf(copy, at), TestClock.layer()))
Fs.writeFileSync(Path.join(target, "expected.json"), `${JSON.stringify({ at, facts }, null, 1)}\n`)
Fs.rmSync(copy, { recursive: true })
