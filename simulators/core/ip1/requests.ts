import { crcHex } from '../crc.ts'
import { FrameReader } from '../frame-reader.ts'

export interface Request {
  readonly seq: string
  readonly boot: string
  readonly verb: string
  readonly argument: string | null
}

/** Cuts the host's bytes into CM frames. Anything else, or a wrong check, is noise to a pump. */
export class RequestReader {
  /** The bound is ip1.md 6's. */
  readonly #frames = new FrameReader({ begin: '$', end: '\r\n', bound: 205 })

  push(bytes: Uint8Array): readonly Request[] {
    return this.#frames.push(bytes).flatMap((content) => parse(content) ?? [])
  }
}

const parse = (content: string): Request | null => {
  const body = content.slice(0, -5)
  if (content.at(-5) !== '*' || content.slice(-4) !== crcHex(body)) return null
  const [version, type, seq, boot, verb, ...rest] = body.split(',')
  if (version !== 'IP1' || type !== 'CM' || verb === undefined) return null
  if (seq === undefined || boot === undefined || !/^[0-9A-F]{4}$/.test(seq) || !/^[0-9A-F]{4}$/.test(boot)) return null
  return { seq, boot, verb, argument: rest.length === 0 ? null : rest.join(',') }
}
