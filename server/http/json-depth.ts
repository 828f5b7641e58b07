import type { FastifyInstance } from 'fastify'
import { HttpProblem } from './problem.ts'

/** Objects and lists within each other; what this server takes has far fewer. */
export const deepestJson = 32

const [quote, backslash, openList, closeList, openObject, closeObject] = [34, 92, 91, 93, 123, 125]

/** Whether brackets of `text` stand more than `most` deep, whatever else is wrong with it. */
export const isDeeperThan = (most: number, text: string): boolean => {
  let depth = 0
  let isQuoted = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (isQuoted) {
      if (code === backslash) at += 1
      else if (code === quote) isQuoted = false
    } else if (code === quote) isQuoted = true
    else if (code === openList || code === openObject) {
      depth += 1
      if (depth > most) return true
    } else if (code === closeList || code === closeObject) depth -= 1
  }
  return false
}

/** Bodies of people. 60,000 brackets take a hundred times as long to parse as any body that is meant. */
export const useJsonBodies = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (isDeeperThan(deepestJson, body)) done(new HttpProblem('invalid_request'))
    else void parse(request, body, done)
  })
}
