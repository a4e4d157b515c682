import * as Fs from "node:fs"
import * as Os from "node:os"
import * as FsPath from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import {
  ByteSize,
  ConfigProvider,
  Effect,
  FileSystem,
  Layer,
  Option,
  Path,
  PlatformError,
  Queue,
  Stream,
} from "effect"
import { TestClock } from "effect/testing"
import { type BotChange, Bots, readBots } from "../../src/cluster/Bots.ts"
import { botsPeriod } from "../../src/config/Limits.ts"
import { capture } from "../observe/logged.ts"

const environment = {
  DATABASE_URL: "postgres://localhost/bots",
  BOTS_DIR: "bots",
  ADMIN_ID: "1",
  HTTP_PORT: "9464",
  GOOGLE_CREDENTIALS_JSON: JSON.stringify({ client_email: "all@example.com", private_key: "k" }),
}

/** A file that is whole; bots of different numbers have nothing in common. */
const fileOf = (number: number, ...more: ReadonlyArray<string>) =>
  [
    `BOT_TOKEN=${number}:not-a-real-token`,
    `SPREADSHEET_ACCOUNTS=accounts-${number}`,
    `SPREADSHEET_ISSUED=issued-${number}`,
    ...more,
    "",
  ].join("\n")

type Entry = string | Uint8Array | { readonly type: "Directory" | "Locked" }

/** A directory that tests write into; `isGone` while nobody can read it. */
const makeDirectory = () => {
  const entries = new Map<string, Entry>()
  const state = { isGone: false }
  const refusal = (method: string, _tag: PlatformError.SystemErrorTag) =>
    PlatformError.systemError({ _tag, module: "FileSystem", method })
  const entryAt = (path: string) => entries.get(path.replace(/^bots\//, ""))
  const layer = Layer.merge(
    FileSystem.layerNoop({
      readDirectory: () =>
        Effect.suspend(() =>
          state.isGone
            ? Effect.fail(refusal("readDirectory", "NotFound"))
            : Effect.succeed([...entries.keys()].toReversed()),
        ),
      stat: (path) =>
        Effect.suspend(() => {
          const entry = entryAt(path)
          if (entry === undefined) return Effect.fail(refusal("stat", "NotFound"))
          const isDirectory =
            typeof entry === "object" && "type" in entry && entry.type === "Directory"
          return Effect.succeed({
            type: isDirectory ? "Directory" : "File",
            size: ByteSize.bytes(typeof entry === "string" ? entry.length : 100),
          } as FileSystem.File.Info)
        }),
      readFile: (path) =>
        Effect.suspend(() => {
          const entry = entryAt(path)
          if (entry === undefined) return Effect.fail(refusal("readFile", "NotFound"))
          if (typeof entry === "string") return Effect.succeed(new TextEncoder().encode(entry))
          return entry instanceof Uint8Array
            ? Effect.succeed(entry)
            : Effect.fail(refusal("readFile", "PermissionDenied"))
        }),
    }),
    Path.layer,
  )
  return { entries, state, layer }
}

/** Looks at a directory under a clock that the test moves. */
const watching = <A, E, R>(
  files: Readonly<Record<string, Entry>>,
  body: (given: {
    readonly entries: Map<string, Entry>
    readonly state: { isGone: boolean }
    readonly bots: Bots["Service"]
    /** What has changed since this was last asked, in few words. */
    readonly news: Effect.Effect<ReadonlyArray<string>>
    readonly looks: (count: number) => Effect.Effect<void>
    /** Warnings and errors in the log. */
    readonly lines: ReadonlyArray<string>
  }) => Effect.Effect<A, E, R>,
) => {
  const { entries, state, layer } = makeDirectory()
  for (const [name, entry] of Object.entries(files)) entries.set(name, entry)
  return Effect.gen(function* () {
    const { lines, layer: log } = yield* capture
    return yield* Effect.gen(function* () {
      const bots = yield* Bots
      const changes = yield* Queue.unbounded<BotChange>()
      yield* Effect.forkScoped(
        Stream.runForEach(bots.changes, (change) => Queue.offer(changes, change)),
        { startImmediately: true },
      )
      const news = Effect.map(Queue.clear(changes), (all) => all.map(inShort))
      const looks = (count: number) =>
        Effect.forEach(Array.from({ length: count }), () => TestClock.adjust(botsPeriod), {
          discard: true,
        })
      return yield* body({ entries, state, bots, news, looks, lines })
    }).pipe(
      Effect.provide(Bots.layer("bots").pipe(Layer.provide(layer), Layer.provideMerge(log))),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(environment)),
    )
  })
}

const inShort = (change: BotChange) =>
  [
    change._tag,
    change.name,
    ...(change._tag === "Faulty" ? change.faults : []),
    ...("bot" in change ? [change.bot.settings.language] : []),
  ].join(" ")

describe("BOTS_DIR", () => {
  it.effect("has a bot for each file, which is added, changed and removed while others run", () =>
    watching({ "a.env": fileOf(1), "b.env": fileOf(2) }, ({ entries, news, looks, lines }) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* news, ["Added a ru", "Added b ru"])
        entries.set("c.env", fileOf(3))
        entries.set("b.env", fileOf(2, "LANGUAGE=en"))
        entries.delete("a.env")
        yield* looks(1)
        assert.deepStrictEqual(yield* news, [])
        yield* looks(1)
        assert.deepStrictEqual(yield* news, ["Removed a", "Changed b en", "Added c ru"])
        yield* looks(3)
        assert.deepStrictEqual(yield* news, [])
        assert.deepStrictEqual(lines, [])
      }),
    ),
  )

  it.effect("leaves a bot alone whose file says the same in other words", () =>
    watching({ "a.env": fileOf(1, "LANGUAGE=en") }, ({ entries, news, looks }) =>
      Effect.gen(function* () {
        yield* news
        entries.set("a.env", `\uFEFF# edited\r\n${fileOf(1).replaceAll("\n", "\r\n")}LANGUAGE="en"`)
        yield* looks(2)
        assert.deepStrictEqual(yield* news, [])
      }),
    ),
  )

  it.effect("does not mind a file that is just being written, or is gone for a moment", () =>
    watching({ "a.env": fileOf(1, "LANGUAGE=en") }, ({ entries, news, looks, lines }) =>
      Effect.gen(function* () {
        yield* news
        const text = fileOf(1, "LANGUAGE=ru")
        for (const half of ["", "BOT_TOK", text.slice(0, 60), text.slice(0, -12)]) {
          entries.set("a.env", half)
          yield* looks(1)
        }
        entries.delete("a.env")
        entries.set("other.env", fileOf(2))
        yield* looks(1)
        entries.set("a.env", text)
        yield* looks(1)
        assert.deepStrictEqual(yield* news, ["Added other ru"])
        yield* looks(1)
        assert.deepStrictEqual(yield* news, ["Changed a ru"])
        assert.deepStrictEqual(lines, [])
      }),
    ),
  )

  it.effect("stops a bot whose file is wrong at two looks, alone, and mends it again", () =>
    watching({ "a.env": fileOf(1), "b.env": fileOf(2) }, ({ entries, bots, news, looks, lines }) =>
      Effect.gen(function* () {
        yield* news
        entries.set("a.env", fileOf(1, "LANGUAGE=de"))
        yield* looks(1)
        assert.deepStrictEqual(yield* news, [])
        yield* looks(1)
        const fault = "a.env: LANGUAGE (line 4): is not one of ru, en, e.g. LANGUAGE=ru"
        assert.deepStrictEqual(yield* news, [`Faulty a ${fault}`])
        assert.deepStrictEqual(lines, [`${fault}; this bot does not run`])
        const all = yield* bots.current
        assert.deepStrictEqual(
          [...all].map(([name, { _tag }]) => `${name} ${_tag}`),
          ["a Faulty", "b Ready"],
        )
        yield* looks(3)
        assert.strictEqual(lines.length, 1)
        entries.set("a.env", fileOf(1))
        yield* looks(2)
        assert.deepStrictEqual(yield* news, ["Added a ru"])
      }),
    ),
  )

  it.effect("names what is wrong from the start, and never what stands there", () =>
    watching(
      {
        "Sales Team.env": fileOf(1),
        "empty.env": "",
        "old.env": new Uint8Array(Buffer.from(fileOf(2), "utf16le")),
        "locked.env": { type: "Locked" },
        "notepad.env.txt": fileOf(3),
        "own.env": fileOf(4, "DATABASE_URL=postgres://u:planted@db/x"),
        "token.env": fileOf(5).replace("5:not-a-real-token", "planted"),
        "ok.env": fileOf(6),
      },
      ({ news, lines }) =>
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* news, [
            `Faulty Sales Team Sales Team.env: the name of the file: before .env is not 1 to 64 Latin letters, digits, _ or -, which these are not: " "`,
            "Faulty empty empty.env: the file: has no setting in it",
            "Faulty locked locked.env: the file: cannot be read (PermissionDenied)",
            "Faulty notepad.env.txt notepad.env.txt: the name of the file: has to end with .env",
            "Added ok ru",
            "Faulty old old.env: line 1: not UTF-8; save the file in UTF-8",
            "Faulty own own.env: DATABASE_URL (line 4): belongs to the whole process: set it in its environment, and take it out of here",
            "Faulty token token.env: BOT_TOKEN (line 1): is not the token BotFather gave, e.g. BOT_TOKEN=123456:ABC-DEF",
          ])
          assert.strictEqual(lines.length, 7)
          assert.notInclude(lines.join("\n"), "planted")
        }),
    ),
  )

  it.effect("passes over what is no settings file", () =>
    watching(
      {
        "a.env": fileOf(1),
        README: "…",
        "a.env~": fileOf(1),
        "a.env.bak": fileOf(1),
        ".a.env.swp": fileOf(1),
        ".#a.env": fileOf(1),
        "._a.env": "",
        ".env": fileOf(1),
        "..data": { type: "Directory" },
        "dir.env": { type: "Directory" },
        "credentials.json": "{}",
      },
      ({ news, lines }) =>
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* news, ["Added a ru"])
          assert.deepStrictEqual(lines, [])
        }),
    ),
  )

  it.effect("refuses the later one of two files with one bot, sheet, webhook or directory", () =>
    watching(
      {
        "a.env": fileOf(
          1,
          "WEBHOOK_URL=https://bots.example.com/one",
          "WEBHOOK_SECRET=not-a-real-secret",
        ),
        "a-copy.env": fileOf(7).replace("7:not-a-real-token", "1:another-token"),
        "b.env": fileOf(2).replace("accounts-2", "accounts-1"),
        "c.env": fileOf(3).replace("issued-3", "accounts-1"),
        "d.env": fileOf(
          4,
          "WEBHOOK_URL=https://else.example.com/one",
          "WEBHOOK_SECRET=not-a-real-secret",
        ),
        "e.env": fileOf(5, "DATA_DIR=./data/a"),
        "e2.env": fileOf(9, "DATA_DIR=data"),
        "f.env": fileOf(6).replace("issued-6", "accounts-6"),
        "sales (1).env": fileOf(8),
        "sales.env": fileOf(8),
      },
      ({ news }) =>
        Effect.gen(function* () {
          const told = yield* news
          assert.deepStrictEqual(
            told.filter((each) => !each.includes("(1)")),
            [
              "Added a ru",
              "Faulty a-copy a-copy.env: BOT_TOKEN: is that of a.env too",
              "Faulty b b.env: SPREADSHEET_ACCOUNTS: is that of a.env too",
              "Faulty c c.env: SPREADSHEET_ISSUED: is that of a.env too",
              "Faulty d d.env: WEBHOOK_URL: is that of a.env too",
              "Faulty e e.env: DATA_DIR: is that of a.env too",
              "Faulty e2 e2.env: DATA_DIR: is that of the process too",
              "Added f ru",
              "Added sales ru",
            ],
          )
        }),
    ),
  )

  it.effect("gives nobody the place of a bot whose file is wrong", () =>
    watching({ "a.env": fileOf(1), "b.env": fileOf(1) }, ({ entries, news, looks }) =>
      Effect.gen(function* () {
        yield* news
        entries.set("a.env", fileOf(1, "LANGUAGE=de"))
        yield* looks(2)
        const [told, ...others] = yield* news
        assert.match(told ?? "", /^Faulty a /)
        assert.deepStrictEqual(others, [])
        entries.delete("a.env")
        yield* looks(2)
        assert.deepStrictEqual(yield* news, ["Removed a", "Added b ru"])
      }),
    ),
  )

  it.effect("goes on while nobody can read the directory, or it is empty, and says so once", () =>
    watching({ "a.env": fileOf(1) }, ({ entries, state, bots, news, looks, lines }) =>
      Effect.gen(function* () {
        yield* news
        state.isGone = true
        yield* looks(5)
        const problem = "cannot be read (NotFound)"
        assert.deepStrictEqual(yield* bots.trouble, Option.some(problem))
        state.isGone = false
        const kept = entries.get("a.env") ?? ""
        entries.clear()
        yield* looks(5)
        assert.deepStrictEqual(lines, [
          `BOTS_DIR ${problem}: the bots go on as they are`,
          "BOTS_DIR has no file: the bots go on as they are",
        ])
        entries.set("a.env", kept)
        yield* looks(2)
        assert.deepStrictEqual(yield* bots.trouble, Option.none())
        assert.deepStrictEqual(yield* news, [])
      }),
    ),
  )

  it.effect("says once what does nothing in a file", () =>
    watching({ "a.env": fileOf(1, "REGION=495") }, ({ entries, news, looks, lines }) =>
      Effect.gen(function* () {
        yield* news
        entries.set("b.env", fileOf(2))
        yield* looks(4)
        assert.deepStrictEqual(yield* news, ["Added b ru"])
        assert.deepStrictEqual(lines, ["a.env: REGION in line 4 is no setting and does nothing"])
      }),
    ),
  )

  it.effect(
    "divides the quota of a service account by its bots, but for what a file sets itself",
    () =>
      watching(
        {
          "a.env": fileOf(1),
          "b.env": fileOf(2, "SHEETS_READS_PER_MINUTE=20"),
          "c.env": fileOf(
            3,
            `GOOGLE_CREDENTIALS_JSON='{"client_email":"c@x.y","private_key":"k"}'`,
          ),
          "d.env": fileOf(4, "GOOGLE_CREDENTIALS_JSON=missing.json"),
          "e.env": fileOf(5, "GOOGLE_CREDENTIALS_JSON=missing.json"),
        },
        ({ entries, bots, looks }) =>
          Effect.gen(function* () {
            const alone = { requests: 1, read: 1, write: 1 }
            assert.deepStrictEqual(yield* bots.shares("a"), { requests: 2, read: 2, write: 2 })
            assert.deepStrictEqual(yield* bots.shares("b"), { requests: 2, read: 1, write: 2 })
            for (const name of ["c", "d", "e", "nobody"]) {
              assert.deepStrictEqual(yield* bots.shares(name), alone, name)
            }
            entries.set("f.env", fileOf(6))
            yield* looks(2)
            assert.deepStrictEqual(yield* bots.shares("a"), { requests: 3, read: 3, write: 3 })
            entries.delete("b.env")
            entries.delete("f.env")
            yield* looks(2)
            assert.deepStrictEqual(yield* bots.shares("a"), alone)
          }),
      ),
  )

  it.effect("does not start where the directory cannot be read", () =>
    Effect.gen(function* () {
      const { state, layer } = makeDirectory()
      state.isGone = true
      const { message } = yield* Effect.flip(
        Effect.provide(Bots, Layer.provide(Bots.layer("bots"), layer)),
      )
      assert.strictEqual(message, "BOTS_DIR: cannot be read (NotFound)")
    }),
  )

  it.effect("may be a mounted config map, and a link that leads nowhere is no bot", () =>
    Effect.gen(function* () {
      const root = Fs.mkdtempSync(FsPath.join(Os.tmpdir(), "bots-"))
      yield* Effect.addFinalizer(() => Effect.sync(() => Fs.rmSync(root, { recursive: true })))
      const at = (...names: ReadonlyArray<string>) => FsPath.join(root, ...names)
      for (const [version, language] of [
        ["..1", "ru"],
        ["..2", "en"],
      ] as const) {
        Fs.mkdirSync(at(version))
        Fs.writeFileSync(at(version, "a.env"), fileOf(1, `LANGUAGE=${language}`))
      }
      Fs.symlinkSync("..1", at("..data"))
      Fs.symlinkSync(FsPath.join("..data", "a.env"), at("a.env"))
      Fs.symlinkSync(FsPath.join("..data", "b.env"), at("b.env"))
      const found = Effect.map(readBots(root), ({ byName }) =>
        [...byName].map(([name, bot]) =>
          [name, bot._tag === "Ready" ? bot.settings.language : bot.faults].join(" "),
        ),
      )
      assert.deepStrictEqual(yield* found, ["a ru"])
      Fs.symlinkSync("..2", at("..next"))
      Fs.renameSync(at("..next"), at("..data"))
      assert.deepStrictEqual(yield* found, ["a en"])
    }).pipe(
      Effect.provide(NodeServices.layer),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(environment)),
    ),
  )
})
