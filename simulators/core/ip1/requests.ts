import { crcHex } from '../crc.ts'

export interface Request {
  readonly seq: string
  readonly boot: string
  readonly verb: string
  readonly argument: string | null
}

/** Longest run between `$` and CR that is kept (ip1.md 6). */
const bound = 205

/** Cuts the host's bytes into CM frames. Anything else, or a wrong check, is noise to a pump. */
export class RequestReader {
  #partial: string | null = null

  push(text: string): readonly Request[] {
    const requests: Request[] = []
    for (const char of text) {
      if (char === '$') this.#partial = ''
      else if (this.#partial === null) continue
      else if (char === '\r' || char === '\n') {
        const request = parse(this.#partial)
        this.#partial = null
        if (request !== null) requests.push(request)
      } else this.#partial = this.#partial.length < bound ? this.#partial + char : null
    }
    return requests
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
