import { describe, expect, it } from 'vitest'
import { crc16CcittFalse, crc16Xmodem } from '#domain/pump-protocols/crc16.ts'
import { decimal, integer, signedInteger, thousandths } from '#domain/pump-protocols/fields.ts'
import { bytes } from './support.ts'

describe('the checks', () => {
  it('have the published values for 123456789', () => {
    const nine = bytes('123456789')
    expect(crc16CcittFalse(nine, 0, 9)).toBe(0x29b1)
    expect(crc16Xmodem(nine, 0, 9)).toBe(0x31c3)
    expect(crc16CcittFalse(bytes('xx123456789y'), 2, 11)).toBe(0x29b1)
  })
})

describe('numbers on the wire', () => {
  it.each(['', '-1', '+1', '01', '1.0', ' 1', '1e3', '0x1', '٣'])('refuse %j as a whole number and keep it', (text) => {
    expect(integer(text)).toEqual({ raw: text })
  })

  it('take whole numbers, and signs where they are allowed', () => {
    expect(integer('0')).toBe(0)
    expect(integer('4294967295')).toBe(4_294_967_295)
    expect(signedInteger('-999')).toBe(-999)
    expect(Object.is(signedInteger('-0'), 0)).toBe(true)
    expect(signedInteger('+1')).toEqual({ raw: '+1' })
  })

  it.each([
    ['12.50', 12_500],
    ['0.1', 100],
    ['-50.00', -50_000],
    ['+3.217', 3217],
    ['7', 7000],
    ['-0.0', 0],
  ])('scale %s to %i thousandths without floating point', (text, scaled) => {
    expect(Object.is(thousandths(text), scaled)).toBe(true)
    expect(decimal(text)).toBe(scaled / 1000)
  })

  it.each(['', '.5', '5.', '1.2345', '1,5', '0.0.0', '- 1', 'NaN', '1234567890'])('refuse %j as a decimal', (text) => {
    expect(decimal(text)).toEqual({ raw: text })
  })
})
