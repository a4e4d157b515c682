/**
 * The parameters of a call, read the way the Bot API server reads them.
 *
 * The server takes everything as text at first: a number that it cannot read is 0, and an empty text
 * is the same as none. Objects arrive as JSON text or, in a JSON body, as they are; their
 * fields are checked one by one, each with its own complaint.
 */
import { Option, Result, Schema } from "effect"
import { badRequest, type TelegramRefusal } from "./Refusal.ts"

const Args = Schema.Record(Schema.String, Schema.Unknown)
export type Args = typeof Args.Type
export type Fields = Args

/** What is wrong inside an object; the caller adds which object it was. */
type Complaint = string

export const decodeArgs = (params: unknown): Args => Option.getOrElse(asRecord(params), () => ({}))

export const text = (args: Args, name: string): string => {
  const value = args[name]
  if (typeof value === "string") return value
  return typeof value === "number" || typeof value === "boolean" ? String(value) : ""
}

export const whole = (args: Args, name: string, absent = 0): number => {
  const written = text(args, name)
  if (written === "") return absent
  const number = Number.parseInt(written, 10)
  return Number.isSafeInteger(number) ? number : 0
}

export const flag = (args: Args, name: string): boolean =>
  ["true", "yes", "1"].includes(text(args, name).toLowerCase())

/** An object or array given as JSON text or as it is; `undefined` when it is not given. */
export const json = (
  args: Args,
  name: string,
  complaint: string,
): Result.Result<unknown, TelegramRefusal> => {
  const value = args[name]
  if (value === undefined || value === null || value === "") return Result.succeed(undefined)
  if (typeof value !== "string") return Result.succeed(value)
  return Result.orElse(parseJson(value), () => badRequest(complaint))
}

export const asRecord = Schema.decodeUnknownOption(Args)
export const parseJson = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Unknown))

export const requiredString = (fields: Fields, name: string): Result.Result<string, Complaint> =>
  fields[name] === undefined
    ? Result.fail(`Can't find field "${name}"`)
    : optionalString(fields, name)

export const optionalString = (fields: Fields, name: string): Result.Result<string, Complaint> => {
  const value = fields[name]
  if (value === undefined || value === null) return Result.succeed("")
  if (typeof value === "string" || typeof value === "number") return Result.succeed(String(value))
  return Result.fail(`Field "${name}" must be of type String`)
}

export const requiredInt = (fields: Fields, name: string): Result.Result<number, Complaint> => {
  const value = fields[name]
  if (value === undefined) return Result.fail(`Can't find field "${name}"`)
  const number = typeof value === "string" ? Number(value) : value
  return typeof number === "number" && Number.isSafeInteger(number)
    ? Result.succeed(number)
    : Result.fail(`Field "${name}" must be a Number`)
}

export const requiredObject = (fields: Fields, name: string): Result.Result<Fields, Complaint> => {
  if (fields[name] === undefined) return Result.fail(`Can't find field "${name}"`)
  return Result.fromOption(asRecord(fields[name]), () => `Field "${name}" must be of type Object`)
}

/** An absent or null array is an empty one. */
export const optionalArray = (
  fields: Fields,
  name: string,
): Result.Result<ReadonlyArray<unknown>, Complaint> => {
  const value = fields[name]
  if (value === undefined || value === null) return Result.succeed([])
  return Array.isArray(value)
    ? Result.succeed(value)
    : Result.fail(`Field "${name}" must be of type Array`)
}
