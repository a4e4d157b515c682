import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { Endpoint } from "../../src/domain/Proxy.ts"
import {
  atSeam,
  type BadLine,
  formatProxyLine,
  lineLengthMax,
  maskedAddress,
  parsePastedLine,
  parseProxyLine,
  parseProxyText,
  proxyUrl,
} from "../../src/domain/proxyLine.ts"

const runs = { arbitrary: { runs: 1000, seed: 11 } }

/** Whatever a string of JavaScript may be, halves of surrogate pairs included. */
const AnyText = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0xffff })))
const textOf = (units: ReadonlyArray<number>) => String.fromCharCode(...units)

const Byte = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))
const Host = Schema.Union([
  Schema.Tuple([Byte, Byte, Byte, Byte]),
  Schema.Literals([
    "proxy.example.com",
    "xn--e1afmkfd.example.com",
    "Proxy_1.example.com",
    "localhost",
    "2001:db8::1",
    "::1",
    "::ffff:192.0.2.1",
    "2001:0DB8:0:0:0:0:0:1",
  ]),
])
const Login = Schema.String.check(Schema.isMaxLength(200))
const Parts = {
  host: Host,
  port: Endpoint.fields.port,
  user: Login,
  password: Login,
}

/** Only what a line can carry: nothing unseen, no space at the end, a user without a colon. */
const carried = (text: string) => text.replaceAll(/[\p{C}\p{Z}]/gu, "x")
const endpointOf = (parts: {
  readonly host: typeof Host.Type
  readonly port: number
  readonly user: string
  readonly password: string
}): Endpoint => ({
  host: typeof parts.host === "string" ? parts.host : parts.host.join("."),
  port: parts.port,
  user: carried(parts.user).replaceAll(":", ""),
  password: carried(parts.password),
})

const endpoint = (fields: Partial<Endpoint>): Endpoint => ({
  host: "192.0.2.7",
  port: 8080,
  user: "",
  password: "",
  ...fields,
})

describe("a proxy line", () => {
  it.prop(
    "says the same endpoint when it is read back",
    Parts,
    (parts) => {
      const made = endpointOf(parts)
      assert.deepStrictEqual(parseProxyLine(formatProxyLine(made)), Result.succeed(made))
      assert.deepStrictEqual(parseProxyLine(`  ${formatProxyLine(made)}\t`), Result.succeed(made))
    },
    runs,
  )

  it.prop(
    "never crashes, and what it accepts can be written again",
    [AnyText],
    ([units]) => {
      for (const text of [textOf(units), `192.0.2.7:8080:${textOf(units)}`]) {
        const read = parseProxyLine(text)
        if (Result.isFailure(read)) continue
        assert.isTrue(Schema.is(Endpoint)(read.success))
        assert.deepStrictEqual(parseProxyLine(formatProxyLine(read.success)), read)
      }
    },
    runs,
  )

  it.each([
    ["192.0.2.7:8080", endpoint({})],
    ["192.0.2.7:8080:u:p", endpoint({ user: "u", password: "p" })],
    ["192.0.2.7:8080:u:a:b::c:", endpoint({ user: "u", password: "a:b::c:" })],
    ["192.0.2.7:8080:u:", endpoint({ user: "u" })],
    ["192.0.2.7:8080::p", endpoint({ password: "p" })],
    ["192.0.2.7:8080:007:=1+1", endpoint({ user: "007", password: "=1+1" })],
    ["192.0.2.7:8080:u: два слова", endpoint({ user: "u", password: " два слова" })],
    ["Proxy.Example.com:1", endpoint({ host: "Proxy.Example.com", port: 1 })],
    ["a_b.example.com:65535", endpoint({ host: "a_b.example.com", port: 65_535 })],
    ["[2001:db8::1]:8080:u:p", endpoint({ host: "2001:db8::1", user: "u", password: "p" })],
    ["[::1]:8080", endpoint({ host: "::1" })],
  ])("%j is read", (line, expected) => {
    assert.deepStrictEqual(parseProxyLine(line), Result.succeed(expected))
  })

  it.each([
    ["", "tooFewParts"],
    ["192.0.2.7", "tooFewParts"],
    ["[::1]", "tooFewParts"],
    ["192.0.2.7 8080", "tooFewParts"],
    ["999.1.1.1:8080", "host"],
    ["192.0.2:8080", "host"],
    ["192.0.2.07:8080", "host"],
    ["0x7f:8080", "host"],
    ["1:2:3", "host"],
    [":8080", "host"],
    ["-a.example.com:8080", "host"],
    ["a..example.com:8080", "host"],
    ["example.com.:8080", "host"],
    ["прокси.example.com:8080", "host"],
    [`${"a".repeat(64)}.example.com:8080`, "host"],
    [`${"a.".repeat(130)}com:8080`, "host"],
    ["192.0.2.7:", "port"],
    ["192.0.2.7:0", "port"],
    ["192.0.2.7:65536", "port"],
    ["192.0.2.7:080", "port"],
    ["192.0.2.7:+80", "port"],
    ["192.0.2.7: 80", "port"],
    ["192.0.2.7:8e3", "port"],
    ["user:password@192.0.2.7:8080", "port"],
    ["192.0.2.7:8080:u", "noPassword"],
    ["192.0.2.7:8080:", "noPassword"],
    ["2001:db8::1:8080", "brackets"],
    ["dead:beef::1", "brackets"],
    ["[2001:db8::1", "brackets"],
    ["[2001:db8::1]8080", "brackets"],
    ["[192.0.2.7]:8080", "brackets"],
    ["[2001:db8::1%eth0]:8080", "brackets"],
    ["[]:8080", "brackets"],
    ["http://192.0.2.7:8080", "scheme"],
    ["SOCKS5://u:p@192.0.2.7:8080", "scheme"],
    ["192.0.2.7:8080:u:p\n192.0.2.8:8080", "unprintable"],
    ["192.0.2.7:8080:u:p\u200bq", "unprintable"],
    ["192.0.2.7:8080:u:\ud800", "unprintable"],
    [`192.0.2.7:8080:u:${"p".repeat(lineLengthMax)}`, "tooLong"],
    [":".repeat(100_000), "tooLong"],
    [`[${"a".repeat(100_000)}`, "tooLong"],
  ] as const)("%j is none: %s", (line, fault) => {
    assert.deepStrictEqual(parseProxyLine(line), Result.fail(fault))
  })
})

describe("a pasted line", () => {
  const login = endpoint({ user: "u", password: "p" })
  it.each([
    ["192.0.2.7:8080:u:p", login],
    ["192.0.2.7:8080:u:p # office", login],
    ["192.0.2.7:8080:u:p#1 #2", endpoint({ user: "u", password: "p#1" })],
    ["u:p@192.0.2.7:8080", login],
    ["192.0.2.7:8080@u:p", login],
    ["u:p@q@192.0.2.7:8080", endpoint({ user: "u", password: "p@q" })],
    ["192.0.2.7|8080|u|p", login],
    ["192.0.2.7;8080;u;p", login],
    ["192.0.2.7\t8080\tu\tp", login],
    ["192.0.2.7 8080 u p", login],
    ["192.0.2.7:8080 u:p", login],
    ["192.0.2.7 : 8080", endpoint({})],
    ["192.0.2.7 8080", endpoint({})],
    ["192.0.2.7:8080:u:p;q|r", endpoint({ user: "u", password: "p;q|r" })],
    ["u:p@gw.example.net:8080", { ...login, host: "gw.example.net" }],
    ["u:p@[2001:db8::1]:8080", { ...login, host: "2001:db8::1" }],
    ["agent7:40213", endpoint({ host: "agent7", port: 40_213 })],
    ["socks5://u:p@192.0.2.7:8080", login],
    ["SOCKS5H://192.0.2.7:8080:u:p", login],
    ["socks5://u:p@192.0.2.7:8080/", login],
    ["192.0.2.7:8080:u:two words", endpoint({ user: "u", password: "two words" })],
    ["192.0.2.7:8080:two words:p", endpoint({ user: "two words", password: "p" })],
    ["u:two words@192.0.2.7:8080", endpoint({ user: "u", password: "two words" })],
    ["192.0.2.7|8080|u|two words", endpoint({ user: "u", password: "two words" })],
    ["192.0.2.7 | 8080 | u | two words", endpoint({ user: "u", password: "two words" })],
    ["192.0.2.7\t8080\tu\ttwo words", endpoint({ user: "u", password: "two words" })],
    ["192.0.2.7:8080;u;two words # office", endpoint({ user: "u", password: "two words" })],
    ["192.0.2.7 : 8080 : u : p", login],
    ["192.0.2.7: 8080: u: p", login],
    ["192.0.2.7|8080|u|p:q", endpoint({ user: "u", password: "p:q" })],
    ["192.0.2.7|8080|u|p;q", endpoint({ user: "u", password: "p;q" })],
    ["192.0.2.7:8080|u:p:q", endpoint({ user: "u", password: "p:q" })],
    ["192.0.2.7|8080||", endpoint({})],
    ["192.0.2.7\t8080 u:p", login],
    ["2001:db8::1|8080|u|p", { ...login, host: "2001:db8::1" }],
    ["u:p@agent7:8080", { ...login, host: "agent7" }],
    ["192.0.2.7:8080@u:p@q", endpoint({ user: "u", password: "p@q" })],
    ["192.0.2.7:8080:u:p@q:r", endpoint({ user: "u", password: "p@q:r" })],
    ["user:1080:x:y@192.0.2.7:8080", endpoint({ user: "user", password: "1080:x:y" })],
  ] as const)("%j is read", (line, expected) => {
    assert.deepStrictEqual(parsePastedLine(line, "socks5"), Result.succeed(expected))
  })

  it.each([
    ["192.0.2.7:8080:u: two words", "space"],
    ["192.0.2.7 8080 u two words", "space"],
    ["192.0.2.7:8080 u:two words", "space"],
    ["u:p@192.0.2.7:8080 office", "space"],
    ["192.0.2.7:8080:u:p\toffice", "extra"],
    ["192.0.2.7:8080:u:p\tHTTP\tDE", "extra"],
    ["192.0.2.7|8080|u|p|office", "extra"],
    ["u:p@192.0.2.7:8080:office", "extra"],
    ["192.0.2.7:8080:u:p 192.0.2.8:8080:u:p", "several"],
    ["u:p@192.0.2.7:8080, u:p@192.0.2.8:8080", "several"],
    ["192.0.2.7:8080:u:p@gw.example.net:80", "ambiguous"],
    ["socks5://u:p%40q@192.0.2.7:8080", "ambiguous"],
    ["u:p@192.0.2.256:8080", "host"],
    ["192.0.2.256:8080@u:p", "host"],
    ["192.0.2.256|8080|u|p", "host"],
    ["192.0.2.256\t8080\tu\tp", "host"],
    ["192.0.2.7|80800|u|p", "port"],
    ["192.0.2.7 8O80 u p", "port"],
    ["192.0.2.7:0@u:p", "port"],
    ["u:p@192.0.2.7", "noPort"],
    ["u@192.0.2.7:8080", "noPassword"],
    ["192.0.2.7:8080@u", "noPassword"],
    ["192.0.2.7|8080|u", "noPassword"],
    ["192.0.2.7|8080|u|", "noPassword"],
    ["192.0.2.7;8080;u", "noPassword"],
    ["192.0.2.7 8080 u", "noPassword"],
    ["u:p@2001:db8::1:8080", "brackets"],
    ["2001:db8::1:8080:u:p", "brackets"],
    ["2001:db8::1:8080|u|p", "brackets"],
    ["u:p@[192.0.2.7]:8080", "brackets"],
    ["user:pass:192.0.2.7:8080", "order"],
    ["user|pass|192.0.2.7|8080", "order"],
    ["two words", "tooFewParts"],
    ["192.0.2.7,8080,u,p", "tooFewParts"],
    ["999.0.2.7:8080@gw.example.net:80", "ambiguous"],
    ["u:8080@agent7:9090", "ambiguous"],
    ["agent7:40213:192.0.2.7:8080", "order"],
    ["agent7:40213:gw.example.net:8080", "order"],
    ["gw.example.net:80@192.0.2.7:8080", "ambiguous"],
    ["u:p@192.0.2.7:99999", "port"],
    ["u@192.0.2.7", "tooFewParts"],
    ["http://u:p@192.0.2.7:8080", "otherType"],
    ["ss://u:p@192.0.2.7:8080", "scheme"],
    [":".repeat(100_000), "tooLong"],
  ] as const)("%j is none: %s", (line, fault) => {
    assert.deepStrictEqual(parsePastedLine(line, "socks5"), Result.fail(fault))
  })
})

/** A login that no form takes for something else: it has none of their signs, and is no address. */
const PlainLogin = Schema.String.check(Schema.isPattern(/^[a-zA-Z0-9_!$*+-]{1,16}$/))
const Intact = {
  host: Host,
  port: Endpoint.fields.port,
  user: PlainLogin,
  password: PlainLogin,
}

interface Written {
  readonly host: string
  readonly port: string
  readonly user: string
  readonly password: string
}

/** How people write a proxy down. */
const forms: Readonly<Record<string, (parts: Written) => string>> = {
  "host:port:user:password": (one) => [one.host, one.port, one.user, one.password].join(":"),
  "user:password@host:port": (one) => `${one.user}:${one.password}@${one.host}:${one.port}`,
  "host:port@user:password": (one) => `${one.host}:${one.port}@${one.user}:${one.password}`,
  "host|port|user|password": (one) => [one.host, one.port, one.user, one.password].join("|"),
  "host;port;user;password": (one) => [one.host, one.port, one.user, one.password].join(";"),
  "host, port, user and password with tabs": (one) =>
    [one.host, one.port, one.user, one.password].join("\t"),
  "host port user password": (one) => [one.host, one.port, one.user, one.password].join(" "),
  "host:port user:password": (one) => `${one.host}:${one.port} ${one.user}:${one.password}`,
  "host:port|user|password": (one) => `${one.host}:${one.port}|${one.user}|${one.password}`,
  "host : port : user : password": (one) =>
    [one.host, one.port, one.user, one.password].join(" : "),
}

const around: ReadonlyArray<(line: string) => string> = [
  (line) => line,
  (line) => `socks5://${line}`,
  (line) => `  ${line} # office: 2nd floor, a|b`,
]

/** Ways to spoil one part, with what is to be said about it. */
const spoilt: ReadonlyArray<{ spoil: (parts: Written) => Written; problem: BadLine }> = [
  ...["192.0.2.256", "прокси.example.com", "proxy.example.com.", "-a.example.com"].map((host) => ({
    spoil: (one: Written) => ({ ...one, host }),
    problem: "host" as const,
  })),
  { spoil: (one) => ({ ...one, host: "[192.0.2.7]" }), problem: "brackets" },
  ...["65536", "0", "080", "8O80"].map((port) => ({
    spoil: (one: Written) => ({ ...one, port }),
    problem: "port" as const,
  })),
  { spoil: (one) => ({ ...one, user: `${one.user}\u200b` }), problem: "unprintable" },
  { spoil: (one) => ({ ...one, password: `${one.password}\u200b` }), problem: "unprintable" },
]

describe.each(Object.entries(forms))("a proxy pasted as %s", (name, write) => {
  const writtenOf = (parts: {
    readonly host: typeof Host.Type
    readonly port: number
    readonly user: string
    readonly password: string
  }): Written => {
    const host = typeof parts.host === "string" ? parts.host : parts.host.join(".")
    return { ...parts, host: host.includes(":") ? `[${host}]` : host, port: String(parts.port) }
  }
  const few = { arbitrary: { runs: 30, seed: 13 } }

  it.prop(
    "is read, also with its type in front and with a comment",
    Intact,
    (parts) => {
      const made = writtenOf(parts)
      const host = typeof parts.host === "string" ? parts.host : parts.host.join(".")
      for (const put of around) {
        assert.deepStrictEqual(
          parsePastedLine(put(write(made)), "socks5"),
          Result.succeed({ ...parts, host }),
        )
      }
    },
    few,
  )

  it.prop(
    "with one part spoilt is refused for that part",
    Intact,
    (parts) => {
      for (const { spoil, problem } of spoilt) {
        for (const put of around) {
          const line = put(write(spoil(writtenOf(parts))))
          assert.deepStrictEqual(parsePastedLine(line, "socks5"), Result.fail(problem), line)
        }
      }
    },
    few,
  )

  it.prop(
    "of another type, or of none that there is, is refused for that",
    Intact,
    (parts) => {
      const line = write(writtenOf(parts))
      assert.deepStrictEqual(parsePastedLine(`http://${line}`, "socks5"), Result.fail("otherType"))
      assert.deepStrictEqual(parsePastedLine(`sock5://${line}`, "socks5"), Result.fail("scheme"))
    },
    few,
  )

  it.prop(
    "without its password is refused for that",
    Intact,
    (parts) => {
      const made = writtenOf(parts)
      const mark = "PASSWORD"
      const line = write({ ...made, password: mark }).replace(new RegExp(`[ :|;\t]+${mark}`), "")
      assert.notInclude(line, mark, name)
      assert.deepStrictEqual(parsePastedLine(line, "socks5"), Result.fail("noPassword"), line)
    },
    few,
  )
})

describe("the seam between two messages", () => {
  const one = "gw.example.net:12321:acme77:k9Qz_session-aa11"
  const other = "203.0.113.7:8080:u1:pw1"

  it("joins what cannot be two lines", () => {
    const held = (text: string) => ({ text, isHeld: true })
    assert.strictEqual(atSeam(held("gw.exam"), "ple.net:12321:acme77:k9", "http"), "joined")
    assert.strictEqual(
      atSeam(held("gw.example.net:12321:acme77:k9"), "Qz_session", "http"),
      "joined",
    )
    assert.strictEqual(atSeam(held(one), other, "http"), "torn")
    assert.strictEqual(atSeam(held("nothing"), "at all", "http"), "torn")
  })

  it("is no seam where both lines are whole and the message had room for more", () => {
    assert.strictEqual(atSeam({ text: one, isHeld: false }, other, "http"), "whole")
    assert.strictEqual(atSeam({ text: "nothing", isHeld: false }, "at all", "http"), "whole")
    assert.strictEqual(
      atSeam({ text: "203.0.113.7 8080", isHeld: false }, "u1 pw1", "http"),
      "torn",
    )
  })

  it("counts a comment as a line of its own, unless it may belong to the line before", () => {
    assert.strictEqual(atSeam({ text: other, isHeld: false }, "# office", "http"), "whole")
    assert.strictEqual(atSeam({ text: other, isHeld: true }, "# office", "http"), "torn")
  })

  it("never leaves half of a line as a proxy, wherever Telegram cut it", () => {
    for (const line of [
      one,
      other,
      `[2001:db8::5]:8000:user:pass:two`,
      "u1:pw1@203.0.113.7:8080",
    ]) {
      for (let cut = 1; cut < line.length; cut += 1) {
        const [left, right] = [line.slice(0, cut), line.slice(cut)]
        assert.notStrictEqual(atSeam({ text: left, isHeld: true }, right, "http"), "whole")
      }
    }
  })
})

describe("a text of proxy lines", () => {
  it("is read line by line, under the numbers that people see", () => {
    // Another password of a login is no repetition: it may be another session of a gateway.
    const text =
      "\n192.0.2.1:80\r\n  \nhttp://192.0.2.2:80\n192.0.2.1:80:u:p\n192.0.2.1:80\n" +
      "PROXY.example.com:80:u:1\nproxy.example.com:80:u:2"
    assert.deepStrictEqual(parseProxyText(text, "socks5"), {
      good: [
        { number: 2, text: "192.0.2.1:80", endpoint: endpoint({ host: "192.0.2.1", port: 80 }) },
        {
          number: 5,
          text: "192.0.2.1:80:u:p",
          endpoint: endpoint({ host: "192.0.2.1", port: 80, user: "u", password: "p" }),
        },
        {
          number: 7,
          text: "PROXY.example.com:80:u:1",
          endpoint: endpoint({ host: "PROXY.example.com", port: 80, user: "u", password: "1" }),
        },
        {
          number: 8,
          text: "proxy.example.com:80:u:2",
          endpoint: endpoint({ host: "proxy.example.com", port: 80, user: "u", password: "2" }),
        },
      ],
      bad: [
        { number: 4, text: "http://192.0.2.2:80", reason: "otherType" },
        { number: 6, text: "192.0.2.1:80", reason: "repeated" },
      ],
    })
  })

  it("passes over lines that are a comment alone, and goes on counting", () => {
    const { good, bad } = parseProxyText(`# Germany\n192.0.2.1:80\n  #2\nnothing`, "http")
    assert.deepStrictEqual(
      [good.map(({ number }) => number), bad.map(({ number }) => number)],
      [[2], [4]],
    )
  })

  it.prop(
    "accounts for every line that is neither blank nor a comment, once",
    [AnyText],
    ([units]) => {
      const text = textOf(units)
      const { good, bad } = parseProxyText(text, "socks5")
      const numbers = [...good, ...bad].map(({ number }) => number)
      assert.strictEqual(new Set(numbers).size, numbers.length)
      const lines = text
        .split(/\r\n|[\n\r\u2028\u2029]/)
        .filter((line) => line.trim() !== "" && !line.trim().startsWith("#"))
      assert.strictEqual(numbers.length, lines.length)
    },
    runs,
  )
})

describe("an address without its secrets", () => {
  it.each([
    ["192.0.2.7", "192.0.2.x:8080"],
    ["proxy.example.com", "…xy.example.com:8080"],
    ["localhost", "lo…st:8080"],
    ["2001:db8::1", "[2001:db8:x]:8080"],
    ["2001:db8:1:2:3:4:5:6", "[2001:db8:x]:8080"],
    ["::1", "[x]:8080"],
    ["::ffff:192.0.2.1", "[x]:8080"],
  ])("%s: %s", (host, masked) => {
    assert.strictEqual(maskedAddress(endpoint({ host, user: "u", password: "p" })), masked)
  })

  it.prop("does not depend on user and password", Parts, (parts) => {
    const made = endpointOf(parts)
    assert.strictEqual(
      maskedAddress(made),
      maskedAddress({ ...made, user: "other", password: "other" }),
    )
    assert.notInclude(maskedAddress(made), made.host)
  })
})

describe("the URL of a proxy", () => {
  it.prop(
    "can be taken apart again, whatever stands in the login",
    Parts,
    (parts) => {
      const made = endpointOf(parts)
      const url = new URL(proxyUrl("socks5", made))
      assert.strictEqual(decodeURIComponent(url.username), made.user)
      assert.strictEqual(decodeURIComponent(url.password), made.password)
      assert.strictEqual(url.port, String(made.port))
    },
    runs,
  )

  it("has brackets for IPv6, no login where there is none, and never fails", () => {
    assert.strictEqual(proxyUrl("http", endpoint({})), "http://192.0.2.7:8080")
    assert.strictEqual(
      proxyUrl("socks5", endpoint({ host: "2001:db8::1", user: "a@b", password: "p:/ж" })),
      "socks5://a%40b:p%3A%2F%D0%B6@[2001:db8::1]:8080",
    )
    assert.isString(proxyUrl("http", endpoint({ user: "u", password: "\ud800" })))
  })
})
