import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ServerEnvironment } from '#server/config.ts'
import { configurationPage } from '../../../scripts/generate-docs.ts'

describe('docs/configuration.md', () => {
  it('is what the schemas say; "npm run docs" writes it', () => {
    const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')
    expect(page).toBe(configurationPage())
  })

  it('names every setting of the server', () => {
    const names = Object.keys(ServerEnvironment.shape)
    expect(names.length).toBeGreaterThan(10)
    for (const name of names) expect(configurationPage()).toContain(`| \`${name}\` |`)
  })

  it.each(['server.url', 'ports[].protocol', 'mqtt.pumps[].secret', 'GATEWAY_CLAIM'])(
    'names %s of the gateway',
    (name) => {
      expect(configurationPage()).toContain(`| \`${name}\` |`)
    },
  )
})
