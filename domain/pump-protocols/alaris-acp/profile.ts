import { FrameCapture } from '../capture.ts'
import { noSettings, profileWith } from '../profile-settings.ts'
import { permitted } from '../whitelist.ts'
import { alarisDecoder } from './frame.ts'
import { parseAlaris } from './parse.ts'
import { alarisWhitelist } from './requests.ts'
import { AlarisSession } from './session.ts'

/** Alaris / Asena syringe pumps (README.md in this folder). */
export const alarisProfile = profileWith(noSettings, () => ({
  id: 'alaris-acp',
  experimental: true,
  serial: { baudRate: 38_400, dataBits: 8, parity: 'none', stopBits: 1 },
  newSession: () => new AlarisSession(),
  permits: (bytes) => permitted(alarisWhitelist, bytes),
  newCapture: () =>
    new FrameCapture(alarisDecoder(), ({ text }) => {
      const parsed = parseAlaris(text)
      switch (parsed.kind) {
        case 'void':
          return { ok: false, fault: 'bad' }
        case 'unnamed': {
          const fields = parsed.fields.length === 0 ? {} : { raw: parsed.fields }
          return { ok: true, type: parsed.name, fields, malformed: false }
        }
        case 'reply': {
          const { type, ...fields } = parsed.reply
          return { ok: true, type, fields, malformed: parsed.malformed }
        }
      }
    }),
}))
