// Packets of new-era-ne1000.md 3 and 7, in hexadecimal. Derived: computed from the rule, not captured.

export const replies = {
  stalled: '02 09 30 30 41 3F 53 75 A7 03',
  stopped: '02 07 30 30 53 AA A6 03',
  infusing: '02 07 30 30 49 19 DD 03',
  /** Stopped, infused 0.250 mL; a byte of its CRC is 0D. */
  dispensed: '02 15 30 30 53 49 30 2E 32 35 30 57 30 2E 30 30 30 4D 4C 0D D9 03',
  /** Infusing, 12.88 mL/h; a byte of its CRC is 03. */
  rate: '02 0E 30 30 49 31 32 2E 38 38 4D 48 03 0E 03',
  notApplicable: '02 0A 30 30 53 3F 4E 41 52 37 03',
}

export const requests = {
  dispensed: '02 07 44 49 53 1C AF 03',
  rate: '02 07 52 41 54 14 22 03',
}

export const empty = '02 04 00 00 03'
export const basicDispensed = '02 30 30 53 49 30 2E 32 35 30 57 30 2E 30 30 30 4D 4C 03'

export const bytesOf = (hex: string): Uint8Array => Uint8Array.from(hex.split(' '), (pair) => Number.parseInt(pair, 16))
