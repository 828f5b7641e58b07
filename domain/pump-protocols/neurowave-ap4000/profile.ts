import { z } from 'zod'
import { FrameCapture } from '../capture.ts'
import { profileWith } from '../profile-settings.ts'
import { permitted } from '../whitelist.ts'
import { neurowaveDecoder } from './frame.ts'
import { parseNeurowave } from './parse.ts'
import { neurowaveWhitelist } from './requests.ts'
import { NeurowaveSession } from './session.ts'

const settings = z.strictObject({
  pollIntervalMs: z
    .int()
    .min(1000)
    .max(3000)
    .default(3000)
    .describe('How often the status is asked for, ms: 1000 to 3000. Faster than 3000 has never been tried on a pump.'),
})

/** NeuroWave AP-4000, two channels (README.md in this folder). */
export const neurowaveProfile = profileWith(settings, ({ pollIntervalMs }) => ({
  id: 'neurowave-ap4000',
  experimental: true,
  serial: { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
  newSession: () => new NeurowaveSession(pollIntervalMs),
  permits: (bytes) => permitted(neurowaveWhitelist, bytes),
  newCapture: () =>
    new FrameCapture(neurowaveDecoder(), ({ text }) => {
      const parsed = parseNeurowave(text)
      switch (parsed.kind) {
        case 'void':
          return { ok: false, fault: parsed.fault }
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
