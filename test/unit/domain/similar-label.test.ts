import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SimilarLabels, alike } from '#domain/assignment/similar-label.ts'

describe('labels that are easily taken for each other', () => {
  it.each([
    ['North 12', 'North 21', 'two neighbouring digits exchanged'],
    ['K-318', 'K-381', 'two neighbouring digits exchanged'],
    ['North 3', 'north 03', 'only case and a leading zero differ'],
    ['Birch cottage', 'Birchcottage', 'only a space differs'],
    ['Larch house', 'Larsh house', 'one other letter'],
    ['Larch house', 'Larch houses', 'one letter more'],
    ['Larch house', 'Lacrh house', 'two letters exchanged'],
  ])('"%s" and "%s": %s', (a, b) => {
    expect(alike(a, b)).toBe(true)
    expect(alike(b, a)).toBe(true)
  })

  it.each([
    ['North 12', 'North 13', 'another bed of the same ward'],
    ['North 1', 'North 11', 'another bed of the same ward'],
    ['North 12', 'South 12', 'another ward'],
    ['Bed 7', 'Bad 7', 'too short a name for one letter to say anything'],
    ['Birch cottage', 'Beech cottage', 'two letters'],
  ])('not "%s" and "%s": %s', (a, b) => {
    expect(alike(a, b)).toBe(false)
    expect(alike(b, a)).toBe(false)
  })

  it('are found among many as by comparing each with each', () => {
    const label = fc
      .tuple(fc.constantFrom('North', 'Nort', 'Larch', 'Birch'), fc.integer({ min: 0, max: 40 }))
      .map(([word, number]) => `${word} ${number}`)
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 30 }), (labels) => {
        const all = new SimilarLabels<number>()
        labels.forEach((one, id) => all.add(id, one))
        labels.forEach((one, id) => {
          const others = labels.flatMap((other, at) => (at !== id && alike(one, other) ? [at] : []))
          expect(all.of(id, one).map((found) => found.id)).toEqual(others)
        })
      }),
    )
  })
})
