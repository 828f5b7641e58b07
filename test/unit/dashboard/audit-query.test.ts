import { describe, expect, it } from 'vitest'
import { askedOf, exportAddress, formatAudit, isFiltered, parseAudit } from '#dashboard/core/audit-query.ts'
import { auditWords } from '#dashboard/core/audit-words.ts'
import { placesOf } from '#dashboard/core/places.ts'
import { auditActions } from '#domain/audit/entry.ts'

describe('what the audit screen is asked', () => {
  it('stands in its address and comes back from it', () => {
    const view = {
      range: '30d',
      actor: 'u-1',
      action: 'rota.set',
      outcome: 'refused',
      object: 'pump:P 1',
    } as const
    expect(parseAudit(formatAudit(view))).toEqual(view)
    expect(formatAudit(parseAudit(undefined))).toBe('')
    expect(isFiltered(view)).toBe(true)
    expect(isFiltered(parseAudit('range=24h'))).toBe(false)
  })

  it('leaves out what the server would refuse', () => {
    expect(parseAudit('action=steal&outcome=maybe&range=1y')).toMatchObject({ action: '', outcome: '', range: '7d' })
  })

  it('names a time to begin with, or none', () => {
    expect(askedOf(parseAudit('range=24h&actor=u-1'))).toEqual({ actor: 'u-1', last: 86_400_000 })
    expect(askedOf(parseAudit('range=all'))).toEqual({})
    expect(exportAddress({ actor: 'u-1', from: 5 })).toBe('/api/v1/audit/export?actor=u-1&from=5')
    expect(exportAddress({})).toBe('/api/v1/audit/export')
  })

  it('has words for every act', () => {
    const { actions } = auditWords.of('en').audit
    expect(Object.keys(actions).toSorted()).toEqual(auditActions.toSorted())
  })

  it('is the one place of an administrator, and nobody else’s', () => {
    expect(placesOf('admin').map(({ name }) => name)).toEqual(['audit', 'people', 'registry'])
    for (const role of ['nurse', 'lead', 'engineer'] as const)
      expect(placesOf(role).map(({ name }) => name)).not.toContain('audit')
  })
})
