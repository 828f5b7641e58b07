// Literal packets of terumo-xml-tcp.md 8, without STX and ETX.

const declaration = '<?xml version="1.0"?>'
const command = (root: string, base64: string): string =>
  `${declaration}<${root}><DEVID>000100700000009901000001</DEVID><CMD>${base64}</CMD></${root}>`

/** Published: TE-SS and TE-LF instruction manuals, "About External Communication Functions". */
export const published = {
  askIdentity: `${declaration}<REQ><DEVID></DEVID></REQ>8411`,
  identity: `${declaration}<REP><DEVID>000100700000001201000001</DEVID></REP>D38C`,
}

export const derivedId = '000100700000009901000001'

/** Derived: computed from the rule, not captured. */
export const requests = {
  status00: `${command('REQ', 'AAEAAA==')}F0C0`,
  status01: `${command('REQ', 'AQEAAA==')}C09D`,
}

export const replies = {
  r1: `${command('REP', 'AQEAAAAEAxAAAAAAAFUABgAE4gABQgAB0wAA+ggCvAAD6A==')}10EB`,
  r2: `${command('REP', 'AgEAAAAEAwAAAACACEMLBgAE4gABRf///wAA+gj//wAAAA==')}7134`,
  refused12: `${command('REP', 'AwEAABIBAAA=')}DDD7`,
  refused13: `${command('REP', 'BAEAABMAAAA=')}5BD2`,
}

/** Base64 of the status request as the page gives it, by sequence. */
export const statusBase64 = new Map([
  [0x00, 'AAEAAA=='],
  [0x01, 'AQEAAA=='],
  [0x7e, 'fgEAAA=='],
])

/** Data of R1 and R2 as the page prints them. */
export const r1Data = '04 03 10 00 00 00 00 00 55 00 06 00 04 E2 00 01 42 00 01 D3 00 00 FA 08 02 BC 00 03 E8'
export const r2Data = '04 03 00 00 00 00 80 08 43 0B 06 00 04 E2 00 01 45 FF FF FF 00 00 FA 08 FF FF 00 00 00'
