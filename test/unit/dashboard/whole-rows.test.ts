import { describe, expect, it } from 'vitest'
import { beginsWhole } from '#dashboard/core/whole-rows.ts'

const order = Array.from({ length: 60 }, (_, at) => `row-${at}`)

describe('a row that has just come', () => {
  it('is whole at the head of the list, before anything is known of the window', () => {
    expect(order.filter((id) => beginsWhole(order, id, new Set()))).toEqual(order.slice(0, 14))
  })

  it('is whole beside a row that is near the window, wherever somebody has scrolled to', () => {
    const near = new Set(['row-39', 'row-40'])
    expect(order.slice(14).filter((id) => beginsWhole(order, id, near))).toEqual([
      'row-38',
      'row-39',
      'row-40',
      'row-41',
    ])
  })

  it('is whole in the slot for what is new, which is always in the window', () => {
    expect(beginsWhole(order, 'elsewhere', new Set())).toBe(true)
  })
})
