import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unassigned } from '#domain/assignment/assignment.ts'
import type { AssignmentDetails } from '#domain/assignment/assignment.ts'
import { PumpId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { patientCipher } from '#server/adapters/sqlite/patient-cipher.ts'
import { passingPatientKeys } from '#server/adapters/sqlite/patient-keys.ts'
import { sealedColumns } from '#server/core/patient-cipher.ts'
import { byAdmin } from '#test/support/acts.ts'

const rose: AssignmentDetails = { ...unassigned, label: 'Rose Cottage', criticality: 'standard' }
const p1 = PumpId.parse('P-1')
const p2 = PumpId.parse('P-2')

describe('sealed columns', () => {
  it('open in their own place under their own key, and nowhere else', () => {
    const keys = passingPatientKeys()
    const cipher = patientCipher(keys)
    const other = patientCipher(passingPatientKeys())
    const keyId = cipher.currentKeyId()
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...sealedColumns), fc.nat(), (text, column, flip) => {
        const place = { column, rowId: 'row-1' }
        const sealed = cipher.seal(keyId, place, text)
        const whole = Buffer.from(text.toWellFormed()).toString()
        expect(cipher.open(keyId, place, sealed)).toBe(whole)
        expect(cipher.open(keyId, { ...place, rowId: 'row-2' }, sealed)).toBeNull()
        expect(cipher.open(keyId, { ...place, column: column === 'label' ? 'phone' : 'label' }, sealed)).toBeNull()
        expect(other.open(other.currentKeyId(), place, sealed)).toBeNull()
        expect(cipher.open('00000000', place, sealed)).toBeNull()
        const forged = Buffer.from(sealed)
        const at = flip % forged.length
        forged[at] = (forged[at] ?? 0) ^ 1
        expect(cipher.open(keyId, place, forged)).toBeNull()
        expect(cipher.open(keyId, place, sealed.subarray(0, flip % sealed.length))).toBeNull()
      }),
    )
  })

  it('differ each time although the text is the same', () => {
    const cipher = patientCipher(passingPatientKeys())
    const place = { column: 'label', rowId: 'row-1' } as const
    const seals = Array.from({ length: 50 }, () =>
      Buffer.from(cipher.seal(cipher.currentKeyId(), place, 'Home 1')).toString('hex'),
    )
    expect(new Set(seals.map((sealed) => sealed.slice(0, 24))).size).toBe(50)
  })
})

describe('a patient', () => {
  it('is whoever has a label that goes on, over pumps, and a new one when it does not', async () => {
    const journal = openJournal(':memory:')
    const put = (pumpId: PumpId, version: number, details: AssignmentDetails | null, at = 0) =>
      journal.assignments.put([{ pumpId, expectedVersion: version, details, by: byAdmin.by, at: instant(at) }])
    await put(p1, 0, rose)
    await put(p1, 1, { ...rose, therapy: 'pain' }, 1)
    await put(p2, 0, rose, 2)
    await put(p1, 2, null, 3)
    await put(p1, 3, { ...rose, label: 'Home 2' }, 4)
    await put(p1, 4, { ...rose, label: 'Home 3' }, 5)
    await put(p2, 1, null, 6)
    await put(p2, 2, rose, 7)
    const uses = journal.patients
      .list()
      .map(({ uses: own }) => own.map(({ pumpId, validFrom }) => `${pumpId} ${validFrom}`))
    expect(uses.toSorted((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1))).toEqual([
      ['P-1 0', 'P-1 1', 'P-2 2'],
      ['P-1 4'],
      ['P-1 5'],
      ['P-2 7'],
    ])
    await journal.alarms[Symbol.asyncDispose]()
  })
})
