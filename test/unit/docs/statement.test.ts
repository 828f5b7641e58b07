import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8')

describe('the statement in the README', () => {
  const statement = /## What this is not\n([\s\S]*)/.exec(read('README.md'))?.[1] ?? ''

  it.each([
    ['that it is not a medical device', /\*\*not a medical device\*\*/],
    ['under what it was not verified', /IEC 62304 or ISO 14971/],
    ['what to rely on', /\*\*The pump's own alarm is the one to rely on\.\*\*/],
    ['that it never acts', /never sends a therapy command/],
    ['that bundled data are simulated', /simulated/],
    ['that conformity is not claimed', /no conformity is claimed/],
    ['that it is more than a display of data', /safe harbour/],
    ['that no privacy law is claimed', /No compliance with HIPAA or GDPR is claimed/],
  ])('says %s', (_, words) => {
    expect(statement).toMatch(words)
  })

  it('has six points', () => {
    expect(statement.match(/^\d\. /gm)).toHaveLength(6)
  })
})

it('CONTRIBUTING.md stays under 80 lines', () => {
  expect(read('CONTRIBUTING.md').split('\n').length).toBeLessThan(80)
})
