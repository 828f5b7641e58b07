import { expect, it } from 'vitest'
import { changedCells } from '#dashboard/core/fleet-changes.ts'

const shown = {
  layout: { width: 400, height: 300, pitchX: 8 },
  cells: new Uint8Array(5_000),
  ink: { quiet: '#eee' },
  named: null,
  frozen: false,
}
const withCells = (count: number) => ({ ...shown, cells: shown.cells.map((_, index) => (index < count ? 3 : 0)) })

it('draws the cells that changed, and nothing where none did', () => {
  expect(changedCells(shown, { ...shown, cells: shown.cells.with(7, 3).with(4_999, 1) })).toEqual([7, 4_999])
  expect(changedCells(shown, { ...shown, layout: { ...shown.layout }, ink: { ...shown.ink } })).toEqual([])
})

it.each([
  ['it is the first picture', null, shown],
  ['pumps came or went', shown, { ...shown, cells: new Uint8Array(4_999) }],
  ['the map has another shape', shown, { ...shown, layout: { ...shown.layout, width: 300 } }],
  ['the theme is another one', shown, { ...shown, ink: { quiet: '#111' } }],
  ['another cell is named', shown, { ...shown, named: 3 }],
  ['the page is not live', shown, { ...shown, frozen: true }],
  ['many cells changed', shown, withCells(65)],
])('draws all of them when %s', (_, before, after) => {
  expect(changedCells(before, after)).toBeNull()
})
