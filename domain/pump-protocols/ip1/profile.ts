import { FrameCapture } from '../capture.ts'
import { noSettings, profileWith } from '../profile-settings.ts'
import { permitted } from '../whitelist.ts'
import { ip1Decoder } from './frame.ts'
import { parseIp1 } from './parse.ts'
import { ip1Whitelist } from './requests.ts'
import { Ip1Session } from './session.ts'

/** The reference protocol of this project (README.md in this folder). */
export const ip1Profile = profileWith(noSettings, () => ({
  id: 'ip1',
  experimental: false,
  serial: { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
  newSession: () => new Ip1Session(),
  permits: (bytes) => permitted(ip1Whitelist, bytes),
  newCapture: () =>
    new FrameCapture(ip1Decoder(), ({ text }) => {
      const parsed = parseIp1(text)
      if (!parsed.ok) return parsed
      const { type, ...fields } = parsed.message
      return { ok: true, type, fields: { seq: parsed.seq, boot: parsed.boot, ...fields }, malformed: parsed.malformed }
    }),
}))
