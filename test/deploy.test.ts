/** What is said in docs/deploy.md about the files that start the bot elsewhere. */
import { execFileSync } from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Schema } from "effect"
import { Yaml } from "effect/encoding"
import { heartbeatPeriod, stopWithin } from "../src/config/Limits.ts"
import { variables } from "../src/config/Settings.ts"

const root = Path.join(import.meta.dirname, "..")
const text = (file: string) => Fs.readFileSync(Path.join(root, file), "utf8")
const yaml = <A, E>(schema: Schema.Codec<A, E>, file: string): A =>
  Schema.decodeUnknownSync(schema)(Yaml.parse(text(file)))

const Package = Schema.Struct({ devDependencies: Schema.Struct({ node: Schema.String }) })
const { node } = Schema.decodeSync(Schema.fromJsonString(Package))(
  text("package.json"),
).devDependencies
/** Where src/bundle.ts puts the file to start. */
const bundle = "node_modules/.cache/account-bot/main.mjs"
/** Bounds the part of memory for young objects, which is most of what 50 busy people take. */
const memory = "--max-semi-space-size=16"
const stopSeconds = Duration.toSeconds(stopWithin)
const settings = new Set(Object.values(variables).map(({ name }) => name))
const required = Object.values(variables)
  .filter(({ fallback }) => fallback._tag === "None")
  .map(({ name }) => name)

/** What each service of compose.yaml may say. */
const Service = Schema.Struct({
  profiles: Schema.optionalKey(Schema.Array(Schema.String)),
  image: Schema.String,
  restart: Schema.String,
  user: Schema.optionalKey(Schema.String),
  command: Schema.optionalKey(Schema.Array(Schema.String)),
  stop_grace_period: Schema.optionalKey(Schema.String),
  env_file: Schema.optionalKey(Schema.String),
  environment: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  volumes: Schema.Array(Schema.String),
  networks: Schema.optionalKey(
    Schema.Record(
      Schema.String,
      Schema.NullOr(Schema.Struct({ aliases: Schema.Array(Schema.String) })),
    ),
  ),
  read_only: Schema.optionalKey(Schema.Boolean),
  tmpfs: Schema.optionalKey(Schema.Array(Schema.String)),
  cap_drop: Schema.Array(Schema.String),
  cap_add: Schema.optionalKey(Schema.Array(Schema.String)),
  security_opt: Schema.Array(Schema.String),
  ports: Schema.optionalKey(Schema.Array(Schema.String)),
})

const Compose = Schema.Struct({
  services: Schema.Record(Schema.String, Service),
  networks: Schema.Struct({ replicas: Schema.Struct({ internal: Schema.Boolean }) }),
  volumes: Schema.Record(Schema.String, Schema.Unknown),
})

const Scrapes = Schema.Struct({
  scrape_configs: Schema.Array(
    Schema.Struct({
      job_name: Schema.String,
      static_configs: Schema.Array(Schema.Struct({ targets: Schema.Array(Schema.String) })),
    }),
  ),
})

const Render = Schema.Struct({
  services: Schema.Tuple([
    Schema.Struct({
      type: Schema.String,
      numInstances: Schema.Int,
      startCommand: Schema.String,
      buildCommand: Schema.String,
      maxShutdownDelaySeconds: Schema.Int,
      disk: Schema.Struct({ mountPath: Schema.String }),
      envVars: Schema.Array(
        Schema.Struct({
          key: Schema.String,
          value: Schema.optionalKey(Schema.String),
          sync: Schema.optionalKey(Schema.Boolean),
        }),
      ),
    }),
  ]),
})

/** Instructions of the Dockerfile, with continued lines joined. */
const instructions = text("Dockerfile")
  .replaceAll(/^\s*#.*\n/gm, "")
  .replaceAll(/\\\n\s*/g, "")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => {
    const [name = "", ...rest] = line.split(" ")
    return { name, value: rest.join(" ") }
  })
const all = (name: string) =>
  instructions.filter((one) => one.name === name).map(({ value }) => value)
const lastStage = instructions.slice(instructions.findLastIndex(({ name }) => name === "FROM"))

it("starts the bot with the same bound on its memory, however it is started", () => {
  const starts = ["package.json", "Dockerfile", "deploy/account-bot.service", "render.yaml"]
  for (const file of starts) assert.include(text(file), memory, file)
})

describe("Dockerfile", () => {
  it("runs the Node version of the project, out of the usual registry", () => {
    assert.deepStrictEqual(
      all("FROM").map((value) => value.split(" ")[0]),
      [`node:${node}-bookworm-slim`, `node:${node}-bookworm-slim`],
    )
  })

  it("starts Node itself, as nobody in particular, with the data in a volume of his", () => {
    assert.deepStrictEqual(all("ENTRYPOINT"), [`["node", "${memory}", "${bundle}"]`])
    assert.deepStrictEqual(all("CMD"), ['["run"]'])
    assert.deepStrictEqual(all("USER"), ["node"])
    assert.deepStrictEqual(all("VOLUME"), ["/data"])
    assert.match(all("ENV").join(" "), /NODE_ENV=production.*DATA_DIR=\/data/)
    const names = lastStage.map(({ name, value }) => `${name} ${value}`)
    const made = names.findIndex((line) => /^RUN install -d -o node .*\/data$/.test(line))
    assert.isAbove(made, 0)
    assert.isBelow(made, names.indexOf("USER node"))
    assert.isBelow(made, names.indexOf("VOLUME /data"))
  })

  it("looks at its health with a command there is", () => {
    assert.isTrue(all("HEALTHCHECK").join(" ").endsWith(`CMD ["node", "${bundle}", "health"]`))
    assert.include(text("src/terminal.ts"), 'from "./cli/healthcheck.ts"')
  })

  it("copies only what .dockerignore lets through", () => {
    const [first, ...rest] = text(".dockerignore")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
    assert.strictEqual(first, "*")
    const allowed = rest.map((line) => line.replace(/^!/, ""))
    assert.isTrue(rest.every((line) => line.startsWith("!")))
    const copied = all("COPY")
      .filter((value) => !value.startsWith("--from"))
      .flatMap((value) => value.split(" ").slice(0, -1))
    assert.deepStrictEqual([...new Set(copied)].toSorted(), allowed.toSorted())
    for (const file of allowed) assert.isTrue(Fs.existsSync(Path.join(root, file)), file)
  })
})

const { services, networks, volumes } = yaml(Compose, "compose.yaml")
const serviceOf = (name: string) => {
  const found = services[name]
  if (found === undefined) throw new Error(`no service ${name} in compose.yaml`)
  return found
}

describe("compose.yaml", () => {
  const bot = serviceOf("bot")

  it("comes back by itself, stops in time, and keeps its data", () => {
    assert.strictEqual(bot.restart, "unless-stopped")
    assert.isAbove(Number.parseInt(bot.stop_grace_period ?? "", 10), stopSeconds)
    assert.deepStrictEqual(bot.volumes, ["data:/data"])
    assert.isTrue("data" in volumes)
    assert.strictEqual(bot.env_file, ".env")
    assert.strictEqual(bot.environment?.["DATA_DIR"], "/data")
  })

  it("can write nowhere else and has no privileges", () => {
    assert.isTrue(bot.read_only)
    assert.deepStrictEqual(bot.tmpfs, ["/tmp"])
    assert.deepStrictEqual(bot.cap_drop, ["ALL"])
    assert.include(bot.security_opt, "no-new-privileges:true")
    assert.notProperty(bot, "ports")
  })

  it("starts the bot alone where no profile is asked for", () => {
    const always = Object.entries(services).filter(([, { profiles }]) => profiles === undefined)
    assert.deepStrictEqual(
      always.map(([name]) => name),
      ["bot"],
    )
  })

  it("takes the images of others by their version, and gives none of them a privilege too many", () => {
    for (const [name, { image, cap_drop, security_opt }] of Object.entries(services)) {
      if (image !== "account-bot") assert.match(image, /^[\w./-]+:v?\d+\.\d+(\.\d+)?(-\w+)?$/, name)
      assert.deepStrictEqual(cap_drop, ["ALL"], name)
      assert.include(security_opt, "no-new-privileges:true", name)
    }
  })
})

describe("the profile cluster of compose.yaml", () => {
  const replicas = Object.entries(services).filter(([name]) => name.startsWith("replica-"))
  const postgres = serviceOf("postgres")
  const proxy = serviceOf("proxy")
  const caddy = text("deploy/cluster/Caddyfile")
  const answersAt = replicas.map(([name]) => `${name}:9464`)

  it("has three replicas that differ by their address alone", () => {
    const same = replicas.map(([, { environment = {}, ...rest }]) => {
      const { REPLICA_ADDRESS, ...others } = environment
      assert.isDefined(REPLICA_ADDRESS)
      return { ...rest, networks: Object.keys(rest.networks ?? {}), others }
    })
    assert.lengthOf(replicas, 3)
    for (const each of same) assert.deepStrictEqual(each, same[0])
    const names = Object.keys(same[0]?.others ?? {})
    assert.deepStrictEqual(
      names.filter((name) => !settings.has(name)),
      [],
    )
    for (const each of [...replicas.map(([, one]) => one), postgres, proxy]) {
      assert.deepStrictEqual(each.profiles, ["cluster"])
      assert.strictEqual(each.restart, "unless-stopped")
      assert.isTrue(each.read_only)
    }
  })

  it("lets nobody but the replicas and their Postgres reach what is not protected", () => {
    assert.isTrue(networks.replicas.internal)
    for (const [name, replica] of replicas) {
      const address = replica.environment?.["REPLICA_ADDRESS"] ?? ""
      // A name that is there in that network alone, so nothing listens in the other one.
      const [host = ""] = address.split(":")
      assert.deepStrictEqual(replica.networks?.["replicas"]?.aliases, [host], name)
      assert.notStrictEqual(host, name)
      assert.notProperty(replica, "ports")
    }
    assert.deepStrictEqual(Object.keys(postgres.networks ?? {}), ["replicas"])
    assert.notProperty(postgres, "ports")
    const inside = Object.entries(services).filter(([, one]) => "replicas" in (one.networks ?? {}))
    assert.deepStrictEqual(
      inside.map(([name]) => name).toSorted(),
      ["postgres", ...replicas.map(([name]) => name)].toSorted(),
    )
  })

  it("has the settings of the bots read only, and all that is to last in Postgres", () => {
    for (const [, { environment = {}, volumes: mounted, tmpfs, stop_grace_period }] of replicas) {
      assert.deepStrictEqual(mounted, [`./bots:${environment["BOTS_DIR"]}:ro`])
      assert.isTrue(tmpfs?.some((each) => each.startsWith(`${environment["DATA_DIR"]}:`)))
      assert.isAbove(Number.parseInt(stop_grace_period ?? "", 10), stopSeconds)
      const { host, pathname } = new URL(environment["DATABASE_URL"] ?? "")
      assert.strictEqual(host, postgres.networks?.["replicas"]?.aliases[0])
      assert.strictEqual(pathname, `/${postgres.environment?.["POSTGRES_DB"]}`)
    }
    assert.deepStrictEqual(postgres.volumes, ["postgres:/var/lib/postgresql/data"])
    assert.isTrue("postgres" in volumes)
    assert.include(text(".gitignore").split("\n"), "bots/")
  })

  it("brings updates, and nothing else, to the replicas that are ready", () => {
    assert.include(caddy, `reverse_proxy ${answersAt.join(" ")} {`)
    assert.include(caddy, "health_uri /readyz")
    assert.include(caddy, "@update method POST")
    assert.match(caddy, /\n\trespond 404\n\}/)
    const published = Object.entries(services).filter(
      ([, { profiles = [], ports }]) => profiles.includes("cluster") && ports !== undefined,
    )
    assert.deepStrictEqual(published, [["proxy", proxy]])
    const [place = ""] = proxy.volumes
    assert.strictEqual(place, "./deploy/cluster/Caddyfile:/etc/caddy/Caddyfile:ro")
  })

  it("has Prometheus ask each replica", () => {
    const jobs = yaml(Scrapes, "deploy/grafana/prometheus.yaml").scrape_configs
    const job = jobs.find(({ job_name }) => job_name === "account-bot-cluster")
    assert.deepStrictEqual(job?.static_configs, [{ targets: answersAt }])
    for (const [, { environment = {} }] of replicas) {
      assert.strictEqual(environment["HTTP_PORT"], "9464")
      assert.strictEqual(environment["HTTP_HOST"], "0.0.0.0")
    }
  })
})

describe("render.yaml", () => {
  const [worker] = yaml(Render, "render.yaml").services
  const values = new Map(worker.envVars.map((one) => [one.key, one]))

  it("is one worker with a disk where the data goes", () => {
    assert.strictEqual(worker.type, "worker")
    assert.strictEqual(worker.numInstances, 1)
    assert.strictEqual(worker.disk.mountPath, values.get("DATA_DIR")?.value)
    assert.isAbove(worker.maxShutdownDelaySeconds, stopSeconds)
  })

  it("starts what npm start does, on the Node version of the project", () => {
    assert.strictEqual(worker.startCommand, `node ${memory} ${bundle} run`)
    assert.include(worker.buildCommand, "npm run build")
    assert.strictEqual(values.get("NODE_VERSION")?.value, node)
  })

  it("asks for every required setting and tells none", () => {
    for (const name of required) {
      assert.deepStrictEqual(values.get(name), { key: name, sync: false })
    }
    const known = [...values.keys()].filter((name) => !name.startsWith("NODE_"))
    assert.deepStrictEqual(
      known.filter((name) => !settings.has(name)),
      [],
    )
  })
})

/** The settings of a unit of systemd: of one that stands there twice, the last. */
const unitIn = (file: string) => {
  const lines = text(file)
    .split("\n")
    .filter((line) => /^[A-Z]\w+=/.test(line))
  return new Map(
    lines.map((line): [string, string] => {
      const at = line.indexOf("=")
      return [line.slice(0, at), line.slice(at + 1)]
    }),
  )
}

const service = unitIn("deploy/account-bot.service")

describe("account-bot.service", () => {
  it("comes back after a crash, stops in time, and keeps its data", () => {
    assert.strictEqual(service.get("Restart"), "on-failure")
    assert.strictEqual(service.get("KillSignal"), "SIGTERM")
    assert.isAbove(Number(service.get("TimeoutStopSec")), stopSeconds)
    assert.strictEqual(service.get("StateDirectory"), "account-bot")
    const command = service.get("ExecStart") ?? ""
    assert.match(command, /^\/usr\/bin\/env .*DATA_DIR=\/var\/lib\/account-bot .*\/node /)
    assert.isTrue(command.endsWith(`/node ${memory} ${bundle} run --systemd`))
    assert.isTrue(service.has("EnvironmentFile"))
  })

  it("is started anew when it no longer says that it lives", () => {
    assert.strictEqual(service.get("Type"), "notify")
    // The word is carried by a child of the bot.
    assert.strictEqual(service.get("NotifyAccess"), "all")
    assert.isAbove(Number(service.get("WatchdogSec")), 2 * Duration.toSeconds(heartbeatPeriod))
  })

  it("has the key of the service account handed over by systemd", () => {
    const [name = ""] = service.get("LoadCredential")?.split(":") ?? []
    assert.include(service.get("ExecStart") ?? "", `GOOGLE_CREDENTIALS_JSON=%d/${name}`)
    assert.strictEqual(service.get("SystemCallFilter"), "@system-service")
  })

  it("has a user of its own and few rights", () => {
    assert.strictEqual(service.get("User"), "account-bot")
    assert.strictEqual(service.get("ProtectSystem"), "strict")
    assert.strictEqual(service.get("NoNewPrivileges"), "yes")
    assert.strictEqual(service.get("CapabilityBoundingSet"), "")
  })
})

describe("account-bot-backup.timer", () => {
  const copying = unitIn("deploy/account-bot-backup.service")
  const timer = unitIn("deploy/account-bot-backup.timer")
  const place = "/var/backups/account-bot"

  it("has the bot make a copy every night, where both may write", () => {
    const command = copying.get("ExecStart") ?? ""
    assert.isTrue(command.endsWith(`/node ${bundle} backup --dated ${place}`))
    assert.strictEqual(copying.get("ReadWritePaths"), place)
    assert.strictEqual(copying.get("RequiresMountsFor"), place)
    // The bot starts without it too.
    assert.strictEqual(service.get("ReadWritePaths"), `-${place}`)
    for (const name of ["User", "StateDirectory", "EnvironmentFile", "UMask"]) {
      assert.strictEqual(copying.get(name), service.get(name), name)
    }
    assert.strictEqual(copying.get("Type"), "oneshot")
    assert.isFalse(copying.has("Restart"))
    assert.match(timer.get("OnCalendar") ?? "", /^\*-\*-\* \d\d:\d\d:\d\d$/)
    assert.strictEqual(timer.get("Persistent"), "true")
    assert.strictEqual(timer.get("WantedBy"), "timers.target")
  })

  it("has no right that the bot lacks, and no network", () => {
    const rights = /^(Protect|Private|Restrict|NoNew|Capability|Ambient|LockPersonality)/
    for (const [name, value] of service) {
      if (rights.test(name) && name !== "RestrictAddressFamilies") {
        assert.strictEqual(copying.get(name), value, name)
      }
    }
    assert.strictEqual(copying.get("PrivateNetwork"), "yes")
    assert.strictEqual(copying.get("RestrictAddressFamilies"), "AF_UNIX")
  })
})

describe("as-bot", () => {
  it("runs a command with what the unit gives the bot, and hands its words on as they are", () => {
    const directory = Fs.mkdtempSync(Path.join(Os.tmpdir(), "account-bot-as-bot-"))
    // Stands for the program of systemd: prints a word a line.
    const stand = Path.join(directory, "systemd-run")
    Fs.writeFileSync(stand, '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 })
    const said = execFileSync(Path.join(root, "deploy/as-bot"), ["restore", "/a copy"], {
      encoding: "utf8",
      env: { PATH: `${directory}:/usr/bin:/bin` },
      stdio: ["ignore", "pipe", "inherit"],
    }).split("\n")
    Fs.rmSync(directory, { recursive: true })
    assert.includeMembers(said, [
      "--pipe",
      `--uid=${service.get("User")}`,
      `--working-directory=${service.get("WorkingDirectory")}`,
      ...["EnvironmentFile", "LoadCredential", "StateDirectory", "StateDirectoryMode", "UMask"].map(
        (name) => `--property=${name}=${service.get(name)}`,
      ),
    ])
    assert.deepStrictEqual(said.slice(-4), ["as-bot", "restore", "/a copy", ""])
    const command = said.at(-5) ?? ""
    assert.include(command, `${bundle} "$@"`)
    const [, given = ""] = /^\/usr\/bin\/env (.*) \/opt/.exec(service.get("ExecStart") ?? "") ?? []
    assert.include(command, given.replace("%d", "$CREDENTIALS_DIRECTORY"))
  })
})

describe("the guides", () => {
  it("install with the Node version of the project, whatever Node the machine has", () => {
    const guides = ["docs/deploy.md", "docs/first-run.md", "docs/first-run.ru.md"]
    const lines = guides.flatMap((file) => text(file).match(/npx [^`\n]*/g) ?? [])
    assert.lengthOf(lines, 4)
    const [first = ""] = lines
    assert.match(first, /^npx --yes --package=node@\S+ --package=npm@\d+\.\d+\.\d+ -- npm ci$/)
    assert.include(first, `node@${node} `)
    assert.strictEqual(new Set(lines).size, 1)
  })

  it("name files of deploy/ that are there", () => {
    const guide = text("docs/deploy.md")
    const named = [...guide.matchAll(/\bdeploy\/[\w./-]*\w/g)].map(([file]) => file)
    assert.isAbove(named.length, 5)
    for (const file of named) assert.isTrue(Fs.existsSync(Path.join(root, file)), file)
  })
})

describe("release.yaml", () => {
  const file = ".github/workflows/release.yaml"
  const step = Schema.Struct({
    uses: Schema.optionalKey(Schema.String),
    with: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
  })
  const Workflow = Schema.Struct({
    jobs: Schema.Struct({
      test: Schema.Struct({ steps: Schema.Array(step) }),
      image: Schema.Struct({ needs: Schema.String, steps: Schema.Array(step) }),
    }),
  })
  const { test, image } = yaml(Workflow, file).jobs

  it("takes each action at a commit, which nobody can move", () => {
    const uses = [...test.steps, ...image.steps].flatMap((one) => one.uses ?? [])
    assert.isNotEmpty(uses)
    for (const each of uses) assert.match(each, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/)
    const named = text(file).match(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/gm)
    assert.lengthOf(named ?? [], uses.length)
  })

  it("builds what was tested, for both kinds of machine, and says what is in it and where from", () => {
    assert.strictEqual(image.needs, "test")
    const build = image.steps.find(({ uses = "" }) => uses.startsWith("docker/build-push-action@"))
    assert.include(build?.with, {
      platforms: "linux/amd64,linux/arm64",
      sbom: true,
      provenance: "mode=max",
    })
    // The bundle hides the packages from whoever looks at the last stage alone.
    assert.include(all("ARG"), "BUILDKIT_SBOM_SCAN_STAGE=true")
  })
})
