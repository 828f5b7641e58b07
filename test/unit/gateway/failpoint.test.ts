import { describe, expect, it } from 'vitest'
import { failpoints, parseFailpoint } from '#gateway/adapters/sqlite-outbox/failpoint.ts'

describe('a failpoint', () => {
  it('is off without the variable', () => {
    expect(parseFailpoint(undefined)).toBeNull()
    expect(parseFailpoint('')).toBeNull()
  })

  it('is a name and how often it is passed', () => {
    expect(parseFailpoint('thin-committed')).toEqual({ name: 'thin-committed', how: 'kill', left: 1 })
    expect(parseFailpoint('committed-alarm:20')).toEqual({ name: 'committed-alarm', how: 'kill', left: 20 })
    expect(Object.keys(failpoints).length).toBeGreaterThan(10)
  })

  it.each(['nowhere', 'constructor', 'start-ready:0', 'start-ready:x', 'start-ready:-1'])('refuses %s', (text) => {
    expect(() => parseFailpoint(text)).toThrow(`GATEWAY_FAILPOINT=${text}`)
  })
})
