import { bytes, crcOf, line, safePacket, stxSum, sumOf, xmodemOf } from '#test/unit/pump-protocols/support.ts'
import { forbidden as alarisFrames } from './alaris-acp.ts'
import { derivedId } from './terumo-xml-tcp.ts'
import { forbiddenNames as neurowaveNames } from './neurowave-ap4000.ts'
import { forbiddenCommands as mivaCommands } from './zyno-miva.ts'

const ip1Command = (verb: string): Uint8Array => line(`$IP1,CM,0001,7F3A,${verb}*${crcOf(`IP1,CM,0001,7F3A,${verb}`)}`)
const alarisText = (text: string): Uint8Array => bytes(`!${text}|${crcOf(text)}\r`)
const neurowaveText = (text: string): Uint8Array => line(`!${text}|${sumOf(text)}`)

/** A Terumo command: sequence 01, then command and subcommand, and data. */
const terumoCommand = (...numbers: readonly number[]): Uint8Array => {
  const base64 = Buffer.from([1, ...numbers]).toString('base64')
  const xml = `<?xml version="1.0"?><REQ><DEVID>${derivedId}</DEVID><CMD>${base64}</CMD></REQ>`
  return bytes(`\u0002${xml}${xmodemOf(xml)}\u0003`)
}
const newEraTexts = [
  'RUN',
  'RUN1',
  'STP',
  'PUR',
  'CLDINF',
  'CLDWDR',
  'DIRINF',
  'DIRREV',
  'VOL5.0',
  'DIA14.5',
  'PHN1',
  'FUNRAT',
  'SAF0',
  'SAF60',
  'ADR1',
  'BUZ0',
  'BUZ1',
  'RESET',
  '*RESET',
  '*ADR',
  '*RUN',
  'RAT5.0MH',
  'RATI',
  'RATC5.0MH',
  'DIS1',
  'RUN*STP',
  'DIS*RUN',
  'DIS ',
  '',
].flatMap((text) => [text, `00${text}`, `42${text}`])

/**
 * By protocol: every frame named in its page that starts, stops, programs, silences or switches a pump, or that a host must not send
 * for another reason, and the same with other fields. Each has a right check: only the whitelist stands between it and a pump.
 */
export const controlFrames: Readonly<Record<string, readonly Uint8Array[]>> = {
  // The page names no verb that acts; these are what a host might make up.
  ip1: ['STOP', 'START', 'RATE,12500', 'BOLUS,1000', 'SILENCE', 'OFF', 'AL!,0017', 'ST?,1', 'HI'].map(ip1Command),
  'alaris-acp': [
    ...alarisFrames.map((frame) => bytes(`${frame}\r`)),
    ...[
      'INF_START',
      'INF_STOP',
      'INF_RATE^25.0^ml/h',
      'INF_RATE',
      'INF_VTBI^10.0^ml^STOP',
      'INF_VTBI^',
      'INF_BOLUS^1.0^ml',
      'INF_BOLUS_START',
      'INF_VI_CLEAR',
      'REMOTE_CTRL',
      'REMOTE_CTRL^ENABLED^1234',
      'REMOTE_CFG^TIMEOUT^10',
      'REMQUERY^^^^',
      'REMQUERY',
    ].map(alarisText),
  ],
  'neurowave-ap4000': [
    ...neurowaveNames.flatMap((name) =>
      ['', '^', '^1', '^032-19-50-014', '^032-19-50-014^1'].map((more) => name + more),
    ),
    'STATREQ',
    'STATREQ^',
    'STATREQ^032-19-50-014^1',
    'STATREQ^032-19-50-0145',
    'CONNREQ^',
    'CONNREQ^0.1',
  ].map(neurowaveText),
  // The published interface has no command that acts; these are numbers it might have.
  'terumo-xml-tcp': [
    ...Array.from({ length: 256 }, (_, command) => command)
      .filter((command) => command !== 1)
      .map((command) => terumoCommand(command, 0, 0)),
    terumoCommand(1, 0, 1),
    terumoCommand(1, 1, 0),
    terumoCommand(1, 0, 0, 0),
    terumoCommand(1, 0),
    terumoCommand(1),
  ],
  'new-era-ne1000': newEraTexts.flatMap((text) => [safePacket(text), bytes(`${text}\r`)]),
  'zyno-miva': (['sum', 'xor'] as const).flatMap((rule) =>
    [
      ...mivaCommands,
      'RE0000A900',
      'RE0000FFFF',
      'RE00010000',
      'RE0000000f',
      'RE0000000',
      'RE000000000',
      'RI0',
      'Q5 ',
      'Q70',
    ].map((text) => stxSum(text, rule)),
  ),
}
