import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { z } from 'zod'

export type ReadBody<T> = { readonly ok: true; readonly body: T } | { readonly ok: false; readonly detail: string }

/** Reads a message out of raw bytes. */
export type BodyReader = <S extends z.ZodType>(request: FastifyRequest, schema: S) => Promise<ReadBody<z.infer<S>>>

const utf8 = new TextDecoder('utf-8', { fatal: true })
const notJson = { ok: false, detail: 'not JSON in UTF-8' } as const

/** Hub requests arrive as raw bytes, so that their signature is checked before anything is parsed. */
export const keepBodiesRaw = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
}

export const rawBody = (request: FastifyRequest): Uint8Array =>
  request.body instanceof Uint8Array ? request.body : new Uint8Array()

/** Bytes → UTF-8 → JSON (with Fastify's own refusal of `__proto__` and `constructor`) → schema. First error only. */
export const bodyReader = (app: FastifyInstance): BodyReader => {
  const parse = app.getDefaultJsonParser('error', 'error')
  return async (request, schema) => {
    const json = await new Promise<{ readonly value: unknown } | null>((resolve) => {
      const text = decode(rawBody(request))
      if (text === null) resolve(null)
      else void parse(request, text, (error, value: unknown) => resolve(error === null ? { value } : null))
    })
    if (json === null) return notJson
    const parsed = schema.safeParse(json.value)
    if (parsed.success) return { ok: true, body: parsed.data }
    return { ok: false, detail: `schema at ${parsed.error.issues[0]?.path.join('.').slice(0, 100) ?? ''}` }
  }
}

const decode = (bytes: Uint8Array): string | null => {
  try {
    return utf8.decode(bytes)
  } catch {
    return null
  }
}
