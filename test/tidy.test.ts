/**
 * The house rules as data: who may import whom, which vendor lives where, and that `.env.example` lists exactly the variables of Settings.
 *
 * Each rule is also shown a planted breach, so that it is known to fail.
 */
import * as Fs from "node:fs"
import * as Path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { variables } from "../src/config/Settings.ts"
import { importsOf, root, type SourceFile, sources } from "./sourceFiles.ts"

/** Part → parts it may import besides itself. `main.ts` is the part "main", `supervisor.ts` "supervisor". */
const imports: Record<string, ReadonlyArray<string>> = {
  domain: [],
  config: ["domain"],
  observe: ["domain", "config"],
  store: ["domain", "config", "observe"],
  sheets: ["domain", "config", "observe", "store"],
  access: ["domain", "config", "observe", "store"],
  pool: ["domain", "config", "observe", "store"],
  stats: ["domain", "config", "observe", "store", "pool"],
  scheduler: ["domain", "config", "observe", "store", "access", "pool", "sheets", "stats"],
  bot: ["domain", "config", "observe", "store", "access", "pool", "stats"],
  endpoint: ["domain", "config", "observe", "store", "pool", "bot"],
  cluster: [
    "domain",
    "config",
    "observe",
    "store",
    "sheets",
    "access",
    "pool",
    "stats",
    "scheduler",
    "bot",
    "endpoint",
  ],
  playground: ["domain", "config", "observe"],
  cli: [
    "domain",
    "config",
    "observe",
    "store",
    "sheets",
    "access",
    "pool",
    "stats",
    "scheduler",
    "bot",
    "endpoint",
    "cluster",
    "playground",
  ],
  terminal: ["cli", "observe", "config"],
  main: ["terminal"],
  supervisor: ["bundle"],
  bundle: [],
}

/** Module specifier (or its beginning) → the only places that may import it; none: nowhere. */
const vendors: ReadonlyArray<{
  readonly module: RegExp
  readonly values: ReadonlyArray<string>
  readonly types: ReadonlyArray<string>
}> = [
  { module: /^@?grammy/, values: ["bot/"], types: ["bot/", "playground/"] },
  {
    module: /^@?google/,
    values: ["sheets/SheetsClient.ts"],
    types: ["sheets/SheetsClient.ts"],
  },
  {
    module: /^node:sqlite$/,
    values: ["store/SqliteDatabase.ts"],
    types: ["store/SqliteDatabase.ts", "store/"],
  },
  // Without DATABASE_URL nothing of it is loaded.
  {
    module: /^(@effect\/sql-pg|effect\/sql|pg$|postgres$)/,
    values: ["store/postgres/", "cluster/engine.ts"],
    types: ["store/postgres/", "cluster/engine.ts"],
  },
  {
    module: /^effect\/(cluster|rpc)/,
    values: ["cluster/"],
    types: ["cluster/"],
  },
  { module: /^@resvg/, values: ["stats/Chart.ts"], types: ["stats/Chart.ts"] },
  {
    module: /^node:crypto$/,
    values: ["store/", "cli/", "bundle.ts", "endpoint/Endpoint.ts", "observe/Logging.ts"],
    types: ["store/", "cli/"],
  },
  { module: /^node:module$/, values: ["main.ts", "cli/playDemo.ts"], types: [] },
  {
    module: /^node:https?$/,
    values: ["playground/Playground.ts", "bot/Telegram.ts", "endpoint/Endpoint.ts"],
    types: ["playground/"],
  },
  { module: /^node:perf_hooks$/, values: ["endpoint/figures.ts"], types: [] },
  { module: /^node:child_process$/, values: ["supervisor.ts", "bundle.ts"], types: [] },
  { module: /^node:zlib$/, values: ["store/SqliteDatabase.ts"], types: ["store/"] },
  // A connection is opened, and its log looked through, within one synchronous call.
  { module: /^node:fs$/, values: ["store/walFrames.ts", "bundle.ts"], types: [] },
  { module: /^node:(path|url)$/, values: ["bundle.ts", "bot/Telegram.ts"], types: [] },
  { module: /^rolldown$/, values: ["bundle.ts"], types: [] },
  { module: /^node:/, values: [], types: [] },
  { module: /^@effect\/platform-node$/, values: [], types: [] },
  {
    module: /^effect\/testing$/,
    values: [],
    types: [],
  },
]

/** Texts that must not occur in code under src/. */
const banned: ReadonlyArray<{ readonly pattern: RegExp; readonly why: string }> = [
  { pattern: /\bprocess\.env\b/, why: "settings come from config/Settings.ts" },
  { pattern: /\bDate\.now\(|\bnew Date\(\)/, why: "time comes from Clock" },
  { pattern: /\bMath\.random\(/, why: "randomness comes from Random" },
  { pattern: /\bset(Timeout|Interval)\(/, why: "waiting is an Effect on the Clock" },
]

/**
 * The only files that draw from the system and not from Random, whose numbers whoever knows the
 * first of them can compute, and which may begin anew at a start.
 */
const systemDrawers: Record<string, ReadonlyArray<string>> = {
  "vectors of the cipher, none of which may ever come twice": ["store/sealing.ts"],
  "a secret that is kept as long as the journal": ["store/resealing.ts"],
}

/**
 * The only files that ask the clock on the wall, and what each does with the answer. Every other wait
 * and age is counted by observe/elapsed.ts, whatever that clock is set to. The playground has a clock
 * of its own.
 */
const wallClockReaders: Record<string, ReadonlyArray<string>> = {
  "both times, one beside the other": [
    "observe/elapsed.ts",
    "observe/Vitals.ts",
    "pool/Pool.ts",
    "pool/proxies/Proxies.ts",
    "scheduler/Flusher.ts",
    "scheduler/Sieve.ts",
    "sheets/Guard.ts",
    "sheets/RateLimiter.ts",
    "store/postgres/tenure.ts",
  ],
  "how far it is from the clock of somebody else": [
    "observe/clockSkew.ts",
    "store/databaseClock.ts",
  ],
  "moments in the journal, and days counted from them": [
    "access/Applications.ts",
    "access/Blocks.ts",
    "access/Dismissals.ts",
    "access/Removals.ts",
    "bot/Intake.ts",
    "bot/Notes.ts",
    "bot/ProxyNotices.ts",
    "bot/WaitNotices.ts",
    "bot/Waitlist.ts",
    "bot/admin/approvals.ts",
    "bot/admin/forget.ts",
    "bot/admin/regionList.ts",
    "bot/admin/suspension.ts",
    "bot/wizards/feedback.ts",
    "bot/wizards/proxyAdd.ts",
    "pool/Conservation.ts",
    "pool/HandEdits.ts",
    "pool/Pools.ts",
    "scheduler/Backups.ts",
    "scheduler/BaseCount.ts",
    "observe/background.ts",
    "endpoint/figures.ts",
    "endpoint/readiness.ts",
    "scheduler/Timers.ts",
    "sheets/Claim.ts",
    "sheets/IssuedHistory.ts",
    "cli/moving/runExport.ts",
    "cli/moving/runImport.ts",
    "store/SqliteJournal.ts",
    "store/postgres/PostgresJournal.ts",
    "store/postgres/SharedInbox.ts",
    "store/postgres/personErasure.ts",
    "store/copies.ts",
    "store/forgetting.ts",
  ],
  "times and days that people read": [
    "bot/Conversation.ts",
    "bot/Deliveries.ts",
    "bot/Digest.ts",
    "bot/HiddenValues.ts",
    "bot/Reminders.ts",
    "bot/TimerNotices.ts",
    "bot/admin/accessChanges.ts",
    "bot/admin/audit.ts",
    "bot/admin/edits.ts",
    "bot/admin/emptyPools.ts",
    "bot/admin/exports.ts",
    "bot/admin/failed.ts",
    "bot/admin/left.ts",
    "bot/admin/people.ts",
    "bot/screens/lists.ts",
    "bot/wizards/own.ts",
    "bot/wizards/proxyGet.ts",
    "bot/wizards/why.ts",
    "cli/copies/runRestore.ts",
    "cli/readPools.ts",
    "cli/replicas/playReplicas.ts",
    "stats/Morning.ts",
    "stats/Outlook.ts",
    "stats/Statistics.ts",
  ],
}

const partOf = (path: string) => (path.includes("/") ? path.split("/")[0]! : Path.parse(path).name)

const layeringBreaches = (file: SourceFile) =>
  importsOf(file)
    .filter(({ specifier }) => specifier.startsWith("."))
    .map(({ specifier }) => Path.posix.join(Path.posix.dirname(file.path), specifier))
    .filter((target) => {
      const [from, to] = [partOf(file.path), partOf(target)]
      return from !== to && !imports[from]?.includes(to)
    })
    .map((target) => `${file.path} must not import ${target}`)

const vendorBreaches = (file: SourceFile) =>
  importsOf(file).flatMap(({ specifier, typeOnly }) => {
    const rule = vendors.find(({ module }) => module.test(specifier))
    if (rule === undefined) return []
    const allowed = typeOnly ? rule.types : rule.values
    return allowed.some((place) => file.path.startsWith(place))
      ? []
      : [`${file.path} must not import ${specifier}`]
  })

/** Modules that are loaded only where they are asked for: nobody else's start waits for them. */
const onDemand = ["store/postgres/", "cluster/", "cli/moving/", "cli/replicas/"]

const onDemandBreaches = (file: SourceFile) =>
  importsOf(file)
    .filter(
      ({ specifier, typeOnly, isDynamic }) => specifier.startsWith(".") && !typeOnly && !isDynamic,
    )
    .map(({ specifier }) => Path.posix.join(Path.posix.dirname(file.path), specifier))
    .filter((target) =>
      onDemand.some(
        (place) => target.startsWith(place) && !onDemand.some((own) => file.path.startsWith(own)),
      ),
    )
    .map((target) => `${file.path} must import ${target} where it needs it, by import()`)

const withoutComments = (text: string) =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "")

const bannedBreaches = ({ path, text }: SourceFile) =>
  banned.flatMap(({ pattern, why }) =>
    pattern.test(withoutComments(text)) ? [`${path}: ${String(pattern)}; ${why}`] : [],
  )

const asksTheWall = ({ path, text }: SourceFile) =>
  partOf(path) !== "playground" &&
  /\bcurrentTime(Millis|Nanos)|\bbothTimes\b|\bDateTime\.now\b/.test(withoutComments(text))

const drawsFromSystem = ({ text }: SourceFile) =>
  /\b(random(Bytes|UUID|Int|Fill\w*)|getRandomValues)\(/.test(withoutComments(text))

const envBreaches = (example: string, names: ReadonlyArray<string>) => {
  const listed = [...example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name!)
  return [
    ...names.filter((name) => !listed.includes(name)).map((name) => `${name} is not listed`),
    ...listed.filter((name) => !names.includes(name)).map((name) => `${name} is no setting`),
    ...listed.filter((name, at) => listed.indexOf(name) !== at).map((name) => `${name} twice`),
  ]
}

/** Tests that the feature table names, in backticks and relative to test/, and that are not there. */
const missingTests = (table: string, isThere: (path: string) => boolean) =>
  [...table.matchAll(/`([\w/-]+\.test\.ts)`/g)]
    .map(([, path]) => path!)
    .filter((path) => !isThere(path))

const featureTable = () => Fs.readFileSync(Path.join(root, "docs/features.md"), "utf8")
const isTest = (path: string) => Fs.existsSync(Path.join(root, "test", path))

const settingNames = Object.values(variables).map(({ name }) => name)
const envExample = () => Fs.readFileSync(Path.join(root, ".env.example"), "utf8")

describe("house rules", () => {
  it("each part imports only what the table allows", () => {
    const files = sources()
    assert.isAbove(files.length, 20)
    assert.deepStrictEqual(files.flatMap(layeringBreaches), [])
    assert.deepStrictEqual(
      files.map(({ path }) => partOf(path)).filter((part) => imports[part] === undefined),
      [],
    )
  })

  it("each vendor stays where it belongs", () => {
    assert.deepStrictEqual(sources().flatMap(vendorBreaches), [])
  })

  it("what hardly anybody needs is loaded by who needs it, when it is needed", () => {
    assert.deepStrictEqual(sources().flatMap(onDemandBreaches), [])
  })

  it("time, randomness and settings come from where they should", () => {
    assert.deepStrictEqual(sources().flatMap(bannedBreaches), [])
  })

  it("a wait or an age is counted with the clock on the wall in no further file", () => {
    assert.deepStrictEqual(
      sources()
        .filter(asksTheWall)
        .map(({ path }) => path)
        .toSorted(),
      Object.values(wallClockReaders).flat().toSorted(),
    )
  })

  it("chance comes from the system in no further file", () => {
    assert.deepStrictEqual(
      sources()
        .filter(drawsFromSystem)
        .map(({ path }) => path)
        .toSorted(),
      Object.values(systemDrawers).flat().toSorted(),
    )
  })

  it("each feature is shown by a test that exists", () => {
    assert.isAbove(featureTable().match(/\.test\.ts`/g)?.length ?? 0, 90)
    assert.deepStrictEqual(missingTests(featureTable(), isTest), [])
  })

  it(".env.example lists exactly the variables of Settings", () => {
    assert.deepStrictEqual(envBreaches(envExample(), settingNames), [])
  })
})

describe("a planted breach is seen", () => {
  const file = (path: string, text: string): SourceFile => ({ path, text })

  it("layering", () => {
    const planted = [
      file("domain/Item.ts", 'import { Whitelist } from "../access/Whitelist.ts"\n'),
      file("bot/wizards/issue.ts", 'import type { Claim } from "../../sheets/Claim.ts"\n'),
      file("pool/Pool.ts", 'export {\n  Guard,\n} from "../sheets/Guard.ts"\n'),
      file("main.ts", 'const x = await import("./bot/Intake.ts")\n'),
    ]
    assert.lengthOf(planted.flatMap(layeringBreaches), planted.length)
    assert.deepStrictEqual(
      layeringBreaches(
        file(
          "bot/a/B.ts",
          'import { C } from "../C.ts"\nimport { Day } from "../../domain/Day.ts"\n',
        ),
      ),
      [],
    )
  })

  it("vendors", () => {
    const planted = [
      file("pool/Pool.ts", 'import { Api } from "grammy"\n'),
      file("playground/Chats.ts", 'import { Api } from "grammy"\n'),
      file(
        "sheets/Claim.ts",
        'import { sheets } from "googleapis/build/src/apis/sheets/index.js"\n',
      ),
      file("store/Journal.ts", 'import { DatabaseSync } from "node:sqlite"\n'),
      file("access/Whitelist.ts", 'import * as Fs from "node:fs"\n'),
      file("cli/run.ts", 'import { NodeRuntime } from "@effect/platform-node"\n'),
      file("cli/bot.ts", 'import * as PgPool from "@effect/sql-pg/PgPool"\n'),
    ]
    assert.lengthOf(planted.flatMap(vendorBreaches), planted.length)
  })

  it("a module on demand that is loaded by a start", () => {
    const statically = [
      file("cli/bot.ts", 'import { layer } from "../store/postgres/PostgresJournal.ts"\n'),
      file("store/Journal.ts", 'export { migrations } from "./postgres/postgresTables.ts"\n'),
    ]
    assert.lengthOf(statically.flatMap(onDemandBreaches), statically.length)
    const onDemandOnly = [
      file(
        "cli/bot.ts",
        'const { layer } = await import("../store/postgres/PostgresJournal.ts")\n',
      ),
      file("cli/bot.ts", 'import type { layer } from "../store/postgres/PostgresJournal.ts"\n'),
      file("store/postgres/PostgresJournal.ts", 'import { rows } from "./commitRows.ts"\n'),
    ]
    assert.deepStrictEqual(onDemandOnly.flatMap(onDemandBreaches), [])
  })

  it("a wait by the clock on the wall", () => {
    const planted = [
      file("bot/Conduct.ts", "const now = yield* Clock.currentTimeMillis\n"),
      file("sheets/Tabs.ts", "const { wall } = yield* bothTimes\n"),
      file("stats/Morning.ts", "const now = yield* DateTime.now\n"),
    ]
    assert.deepStrictEqual(planted.filter(asksTheWall), planted)
    assert.isFalse(asksTheWall(file("bot/Conduct.ts", "const now = yield* elapsed\n")))
  })

  it("a draw from the system", () => {
    assert.isTrue(drawsFromSystem(file("pool/Pool.ts", "const id = randomUUID()\n")))
    assert.isTrue(drawsFromSystem(file("pool/Pool.ts", "crypto.getRandomValues(bytes)\n")))
    assert.isFalse(drawsFromSystem(file("pool/Pool.ts", "yield* Random.nextIntBetween(1, 9)\n")))
  })

  it("a test that is not there", () => {
    assert.deepStrictEqual(
      missingTests("| 1 | `a/b.test.ts`, `c.test.ts` |", (path) => path === "c.test.ts"),
      ["a/b.test.ts"],
    )
  })

  it("banned words, .env.example", () => {
    assert.lengthOf(bannedBreaches(file("a.ts", "const token = process.env.BOT_TOKEN")), 1)
    assert.lengthOf(bannedBreaches(file("a.ts", "/** Never Date.now(). */ const a = 1")), 0)
    assert.deepStrictEqual(envBreaches(`${envExample()}\nEXTRA=1`, settingNames), [
      "EXTRA is no setting",
    ])
    assert.deepStrictEqual(
      envBreaches(envExample().replace("BOT_TOKEN=", "BOT_TOKN="), settingNames),
      ["BOT_TOKEN is not listed", "BOT_TOKN is no setting"],
    )
  })
})
